using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Banking.Lake.Tables;

namespace Banking.Lake.Files;

/// <summary>
/// Where everything is in the lake: paths relative to its root, with <c>/</c>. Folders that begin with <c>_</c> are invisible to Hive,
/// Presto and Spark. Pure.
/// </summary>
public static class LakePath
{
    public const string Staging = "_staging";

    /// <summary>The file with the lake's own id.</summary>
    public const string Identity = "_lake/identity";

    /// <summary>The file with the id of the bank that owns the lake.</summary>
    public const string Bank = "_lake/bank";

    private const string FilePrefix = "events-";
    private const string FileSuffix = ".parquet";
    private const string SaveSuffix = ".seq";
    private const int OffsetDigits = 20;
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The repairs after which a chain began anew: one file for each epoch, named by its number.</summary>
    public static string EpochFolder(ChainId chain) => $"_lake/epochs/{chain}";

    public static string Epoch(ChainId chain, int number) => $"{EpochFolder(chain)}/{number.ToString("D5", CultureInfo.InvariantCulture)}";

    /// <summary>A committed file: <c>cash_transactions/dt=2026-11-23/events-4f2a-p003-00000000000000012345.parquet</c>.</summary>
    public static string File(LakeTable table, DateOnly day, ChainId chain, long start) =>
        $"{DayFolder(table, day)}/{FilePrefix}{chain}-{Offset(start)}{FileSuffix}";

    public static string DayFolder(LakeTable table, DateOnly day) => $"{table.Name}/{DayFolderName(day)}";

    public static string DayFolderName(DateOnly day) => $"{LakeTables.DayColumn}={Day(day)}";

    /// <summary>The claims of a chain: the name is a start offset, and the content is the day that the file belongs to.</summary>
    public static string ClaimFolder(LakeTable table, ChainId chain) => $"{ClaimFolder(table)}/{chain}";

    /// <summary>The claims of all chains of a table, one folder each.</summary>
    public static string ClaimFolder(LakeTable table) => $"_chains/{table.Name}";

    public static string Claim(LakeTable table, ChainId chain, long start) => $"{ClaimFolder(table, chain)}/{Offset(start)}";

    /// <summary>The saved last sequence numbers of a chain; a save is named by the offset that it covers.</summary>
    public static string SequenceFolder(LakeTable table, ChainId chain) => $"{SequenceFolder(table)}/{chain}";

    /// <summary>The saves of all chains of a table, one folder each.</summary>
    public static string SequenceFolder(LakeTable table) => $"_sequences/{table.Name}";

    public static string SequenceSave(LakeTable table, ChainId chain, long end) =>
        $"{SequenceFolder(table, chain)}/{Offset(end)}{SaveSuffix}";

    /// <summary>Events that no table can take because another event has their number: one JSON file each, named by its offset.</summary>
    public static string ForkFolder(ChainId chain) => $"_forks/{chain}";

    public static string Fork(ChainId chain, long offset) => $"{ForkFolder(chain)}/{Offset(offset)}.json";

    /// <summary>The path of a file while it is being written, with a name of its own.</summary>
    /// <param name="unique">Different for every attempt of every owner.</param>
    public static string Staged(LakeTable table, ChainId chain, string unique) => $"{StagedFolder(chain)}/{table.Name}-{unique}";

    public static string StagedFolder(ChainId chain) => $"{Staging}/{chain}";

    public static string Day(DateOnly day) => day.ToString(DayFormat, CultureInfo.InvariantCulture);

    public static bool TryParseDay(string text, out DateOnly day) =>
        DateOnly.TryParseExact(text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);

    public static bool TryParseDayFolder(string name, out DateOnly day)
    {
        day = default;
        return name.StartsWith(LakeTables.DayColumn + "=", StringComparison.Ordinal) && TryParseDay(
            name[(LakeTables.DayColumn.Length + 1)..], out day);
    }

    /// <summary>The start offset of a committed file of this chain.</summary>
    public static bool TryParseFile(string name, ChainId chain, out long start)
    {
        var prefix = $"{FilePrefix}{chain}-";
        start = 0;
        return name.StartsWith(prefix, StringComparison.Ordinal)
            && name.EndsWith(FileSuffix, StringComparison.Ordinal)
            && TryParseOffset(name.AsSpan(prefix.Length, Math.Max(0, name.Length - prefix.Length - FileSuffix.Length)), out start);
    }

    /// <summary>The chain and the start offset of a committed file.</summary>
    public static bool TryParseFile(string name, out ChainId chain, out long start)
    {
        var end = name.Length - FileSuffix.Length - OffsetDigits - 1;
        chain = default;
        start = 0;
        if (end <= FilePrefix.Length || !ChainId.TryParse(name.AsSpan(FilePrefix.Length, end - FilePrefix.Length), out chain)) return false;
        return TryParseFile(name, chain, out start);
    }

    public static bool TryParseClaim(string name, out long start) => TryParseOffset(name, out start);

    public static bool TryParseSequenceSave(string name, out long end)
    {
        end = 0;
        return name.EndsWith(SaveSuffix, StringComparison.Ordinal) && TryParseOffset(
            name.AsSpan(0, name.Length - SaveSuffix.Length), out end);
    }

    [SuppressMessage("Globalization", "CA1305", Justification = "Digits only.")]
    private static bool TryParseOffset(ReadOnlySpan<char> text, out long offset)
    {
        offset = 0;
        return text.Length == OffsetDigits && !text.ContainsAnyExceptInRange('0', '9') && long.TryParse(text, out offset);
    }

    // Twenty digits hold every offset, and the names sort in the order of their offsets.
    private static string Offset(long offset) => offset.ToString("D20", CultureInfo.InvariantCulture);
}
