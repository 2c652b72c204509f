using Banking.Lake.Files;

namespace Banking.Lake.Days;

/// <summary>A file that engines see in a day's folder.</summary>
/// <param name="Name">Without its folder.</param>
/// <param name="Chain">Whose file it is, if the sink made it; null for a part of a compaction, or a stranger's file.</param>
/// <param name="Start">The first offset that a chain's file covers; also in its name.</param>
internal readonly record struct DayFile(string Name, long Length, ChainId? Chain, long Start)
{
    public static DayFile Of(string name, long length) =>
        LakePath.TryParseFile(name, out var chain, out var start) ? new DayFile(name, length, chain, start) : new DayFile(
            name, length, null, 0);
}
