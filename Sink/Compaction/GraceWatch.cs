using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Measures the grace period of switched days by a clock that nobody sets: from when a partition was first seen at its folder. After a
/// step of the wall clock, or a start, a grace period begins anew; what would be removed stays that much longer. Not thread-safe.
/// </summary>
internal sealed class GraceWatch(TimeProvider time)
{
    private readonly Dictionary<(string Table, DateOnly Day), (string Folder, long Since)> _seen = [];

    /// <summary>Notes where a day's partition is.</summary>
    /// <returns>Whether it has been seen there for as long as this.</returns>
    public bool HasPassed(LakeTable table, DateOnly day, string folder, TimeSpan grace)
    {
        var now = time.GetTimestamp();
        if (!_seen.TryGetValue((table.Name, day), out var seen) || seen.Folder != folder) seen = _seen[(table.Name, day)] = (folder, now);
        return time.GetElapsedTime(seen.Since, now) >= grace;
    }
}
