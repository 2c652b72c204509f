using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Chains;

/// <summary>
/// Keeps a day's own folder as it is for the moment in which queries are switched away from it: a file that came between the last look
/// into it and the switch would be visible, and then not until it was brought along. The sink claims its next file and then looks for the
/// seal; the seal is made and then the claims are looked at. So one of the two sees the other, whatever stands still in between: the sink
/// waits for the switch, or the switch is put off.
/// </summary>
internal sealed class DaySeal(ILakeStore store, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // A switch takes less; for whoever sealed and died nobody waits longer.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    // The claim of an owner that died before its file; the partition's next owner, if there is any, has long gone on from it.
    private static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(10);

    // When a claim was first seen, by a clock that nobody sets.
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns when a file whose start is claimed may be added to the day. Only days before today are ever sealed, but another silo's
    /// clock may say that it is later.
    /// </summary>
    public async Task PassAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var seal = CompactionPath.Seal(table, day);
        while (await store.ExistsAsync(seal, cancellationToken) && time.GetElapsedTime(started) < MaxWait)
            await Task.Delay(LookEvery, time, cancellationToken);
    }

    /// <summary>Seals a day.</summary>
    /// <exception cref="DayNotCompactableException">A file of the day was on its way for as long as this waits; the day is not
    /// sealed.</exception>
    public async Task CloseAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        await MakeAsync(table, day, cancellationToken);
        var sealedAt = await TimeOfAsync(table, day, cancellationToken);
        var started = time.GetTimestamp();
        while (await FindComingAsync(table, day, sealedAt, cancellationToken) is { } coming)
        {
            if (time.GetElapsedTime(started) > MaxWait / 4)
            {
                await OpenAsync(table, day, cancellationToken);
                throw new DayNotCompactableException(
                    $"{coming} is being committed: {LakePath.DayFolder(table, day)} is left as it is for now.");
            }

            await Task.Delay(LookEvery, time, cancellationToken);
        }
    }

    public Task OpenAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken) =>
        store.DeleteAsync(CompactionPath.Seal(table, day), cancellationToken);

    private async Task MakeAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        // One that is there already is of somebody who died, and as good.
        var staged = CompactionPath.Staged(table, $"seal-{Guid.NewGuid():N}");
        await store.StageAsync(staged, (stream, token) => stream.WriteAsync("sealed"u8.ToArray(), token).AsTask(), cancellationToken);
        if (!await store.CommitAsync(staged, CompactionPath.Seal(table, day), cancellationToken))
        {
            await store.DeleteAsync(staged, cancellationToken);
        }
    }

    // Of the seal, by the file system's own clock: claims have their times from there too.
    private async Task<DateTimeOffset> TimeOfAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(CompactionPath.ManifestFolder(table, day), cancellationToken))
        {
            if ($"{CompactionPath.ManifestFolder(table, day)}/{entry.Name}" == CompactionPath.Seal(table, day)) return entry.Modified;
        }

        throw new DayNotCompactableException(
            $"The seal of {LakePath.DayFolder(table, day)} went while it was made: the day is left as it is for now.");
    }

    // Only a chain's newest claim can be one without its file.
    private async Task<string?> FindComingAsync(LakeTable table, DateOnly day, DateTimeOffset sealedAt, CancellationToken cancellationToken)
    {
        var claims = new List<(ChainId Chain, long Start)>();
        await foreach (var folder in store.ListAsync(LakePath.ClaimFolder(table), cancellationToken))
        {
            if (!ChainId.TryParse(folder.Name, out var chain)) continue;
            (long Start, DateTimeOffset Made)? newest = null;
            await foreach (var entry in store.ListAsync(LakePath.ClaimFolder(table, chain), cancellationToken))
            {
                if (LakePath.TryParseClaim(entry.Name, out var start) && !(newest?.Start > start)) newest = (start, entry.Modified);
            }

            if (newest is not { } claim) continue;
            var path = LakePath.Claim(table, chain, claim.Start);
            if (!_seen.TryGetValue(path, out var since)) since = _seen[path] = time.GetTimestamp();

            // One of a time to come, made under a wrong clock, has no age: it is watched for that long.
            if (sealedAt - claim.Made <= DeadAfter && time.GetElapsedTime(since) <= DeadAfter) claims.Add((chain, claim.Start));
        }

        if (claims.Count == 0) return null;
        var names = (
            await DayListing.ReadAsync(store, LakePath.DayFolder(table, day), cancellationToken)).Select(file =>
                file.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var (chain, start) in claims)
        {
            var path = LakePath.File(table, day, chain, start);
            if (
                !names.Contains(path[(path.LastIndexOf('/') + 1)..])
                    && await new ClaimBook(store, table, chain).ReadAsync(start, cancellationToken) == day)
            {
                return path;
            }
        }

        return null;
    }
}
