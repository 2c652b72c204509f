using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Lake.Chains;

/// <summary>
/// Keeps a day's own folder unchanged for the moment in which queries are switched away from it. A file added between the last look into
/// the folder and the switch would be visible at first, and then invisible until it was copied to the new place. The sink first claims its
/// next file and then looks for the seal; the switch first makes the seal and then looks at the claims. So at least one of the two sees the
/// other, whatever stalls in between: either the sink waits for the switch, or the switch is postponed.
/// </summary>
internal sealed class DaySeal(ILakeStore store, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    // A switch takes less; if its process died after sealing, nobody waits longer than this.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(20);

    // A claim this old belongs to an owner that died before it wrote the file. The partition's next owner, if there is one, has long gone
    // on from it.
    private static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(10);

    // When each claim was first seen, by the monotonic clock.
    private readonly Dictionary<string, long> _seen = new(StringComparer.Ordinal);

    /// <summary>
    /// Returns when a file whose start is claimed may be added to the day. Only days before today are ever sealed, but by another silo's
    /// clock it may be later.
    /// </summary>
    public async Task PassAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var seal = CompactionPath.Seal(table, day);
        while (await store.ExistsAsync(seal, cancellationToken) && time.GetElapsedTime(started) < MaxWait)
            await Task.Delay(LookEvery, time, cancellationToken);
    }

    /// <summary>Seals a day.</summary>
    /// <exception cref="DayNotCompactableException">A file of the day was still on its way after the longest wait; the day is not
    /// sealed.</exception>
    public async Task CloseAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        // A seal that exists already is from a process that died, and is just as good.
        var staged = CompactionPath.Staged(table, $"seal-{Guid.NewGuid():N}");
        await store.TryMakeAsync(staged, CompactionPath.Seal(table, day), "sealed"u8.ToArray(), cancellationToken);
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

    // The time of the seal by the file system's own clock, which is also the clock of the claims' times.
    private async Task<DateTimeOffset> TimeOfAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        await foreach (var entry in store.ListAsync(CompactionPath.ManifestFolder(table, day), cancellationToken))
        {
            if ($"{CompactionPath.ManifestFolder(table, day)}/{entry.Name}" == CompactionPath.Seal(table, day)) return entry.Modified;
        }

        throw new DayNotCompactableException(
            $"The seal of {LakePath.DayFolder(table, day)} went while it was made: the day is left as it is for now.");
    }

    // Only the newest claim of a chain can lack its file.
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

            // A claim from the future, made under a wrong clock, has no age: it is watched for that long instead.
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
