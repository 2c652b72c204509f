using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Days;

/// <summary>The manifests of the tables' days.</summary>
internal sealed class ManifestBook(ILakeStore store)
{
    /// <summary>The manifest that counts for a day; null if the day was never compacted.</summary>
    public async Task<DayManifest?> NewestAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        while ((await ListAsync(table, day, cancellationToken)) is { Count: > 0 } generations)
        {
            // A manifest that was removed meanwhile has been replaced by a newer one: look again.
            if (await ReadAsync(table, day, CompactionPath.Manifest(table, day, generations.Max()), cancellationToken) is { } manifest)
            {
                return manifest;
            }
        }

        return null;
    }

    /// <summary>Puts a manifest into a folder that nobody reads yet.</summary>
    public Task StageDraftAsync(DayManifest manifest, CancellationToken cancellationToken) =>
        store.StageAsync(
            CompactionPath.DraftManifest(manifest.Folder), (stream, token) => stream.WriteAsync(manifest.Encode(), token).AsTask(),
            cancellationToken);

    /// <summary>The manifest in a generation's own folder; null if there is none.</summary>
    /// <exception cref="InvalidDataException">The folder's manifest is of something else.</exception>
    public async Task<DayManifest?> DraftAsync(LakeTable table, DateOnly day, string folder, CancellationToken cancellationToken)
    {
        var path = CompactionPath.DraftManifest(folder);
        if (await ReadAsync(table, day, path, cancellationToken) is not { } manifest) return null;
        return manifest.Folder == folder ? manifest : throw new InvalidDataException($"{path} names {manifest.Folder}.");
    }

    /// <summary>Commits a manifest as the newest one.</summary>
    /// <returns>False if another manifest of its generation, or of a later one, was there first.</returns>
    public async Task<bool> CommitAsync(LakeTable table, DateOnly day, DayManifest manifest, CancellationToken cancellationToken)
    {
        var staged = CompactionPath.Staged(table, $"manifest-{Guid.NewGuid():N}");
        var path = CompactionPath.Manifest(table, day, manifest.Generation);
        if (!await store.TryMakeAsync(staged, path, manifest.Encode(), cancellationToken)) return false;

        // Old manifests are removed when newer ones exist, so a free name may be that of an old manifest.
        return (await ListAsync(table, day, cancellationToken)).Max() == manifest.Generation;
    }

    /// <summary>Removes the manifests below a generation whose own manifest exists.</summary>
    public async Task ForgetBelowAsync(LakeTable table, DateOnly day, long generation, CancellationToken cancellationToken)
    {
        foreach (var older in await ListAsync(table, day, cancellationToken))
        {
            if (older < generation) await store.DeleteAsync(CompactionPath.Manifest(table, day, older), cancellationToken);
        }
    }

    /// <summary>The days of a table that have ever been compacted.</summary>
    public async Task<List<DateOnly>> ListDaysAsync(LakeTable table, CancellationToken cancellationToken) =>
        [.. (await ListDayTokensAsync(table, cancellationToken)).Keys];

    /// <summary>The same days, each with the token of the last change of its manifests (<see cref="LakeEntry.ChangeToken"/>).</summary>
    public async Task<Dictionary<DateOnly, string?>> ListDayTokensAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, string?>();
        await foreach (var entry in store.ListAsync(CompactionPath.ManifestTableFolder(table), cancellationToken))
        {
            if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days[day] = entry.ChangeToken;
        }

        return days;
    }

    private async Task<DayManifest?> ReadAsync(LakeTable table, DateOnly day, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await store.OpenReadAsync(path, cancellationToken);
            using var memory = new MemoryStream();
            await stream.CopyToAsync(memory, cancellationToken);
            var manifest = DayManifest.Decode(memory.GetBuffer().AsSpan(0, (int)memory.Length), path);

            // Files are written into the manifest's folder, and one day it is removed, so its name must be valid.
            if (CompactionPath.TryParseGeneration(manifest.Folder, table, day, out var generation) && generation == manifest.Generation)
            {
                return manifest;
            }
            throw new InvalidDataException($"{path} names {manifest.Folder}, which is no folder of that generation.");
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task<List<long>> ListAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var generations = new List<long>();
        await foreach (var entry in store.ListAsync(CompactionPath.ManifestFolder(table, day), cancellationToken))
        {
            if (CompactionPath.TryParseManifest(entry.Name, out var generation)) generations.Add(generation);
        }

        return generations;
    }
}
