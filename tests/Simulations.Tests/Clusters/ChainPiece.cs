using System.Globalization;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>A file of a chain: what its footer says, and what DuckDB finds in its columns.</summary>
internal sealed record ChainPiece(string File, string Log, long Partition, long Start, long End, long Rows, long[] Found)
{
    private string Day => Path.GetFileName(Path.GetDirectoryName(File)!);

    /// <param name="footer">File, log, partition, start, end, rows.</param>
    /// <param name="columns">By file: file, lowest and highest offset, rows, lowest and highest partition.</param>
    public static ChainPiece From(object?[] footer, Dictionary<string, object?[]> columns)
    {
        var file = (string)footer[0]!;
        return new(file, (string)footer[1]!, Number(footer[2]), Number(footer[3]), Number(footer[4]), Number(footer[5]),
            [.. columns[file].Skip(1).Select(Number)]);
    }

    public IEnumerable<string> FindFaults(ChainPiece? before)
    {
        var start = before is null ? 0 : before.End + 1;
        if (Start != start) yield return $"starts at {Start}, the chain went to {start - 1}";
        if (End < Start) yield return $"ends at {End}, before its start";
        if (before is not null && string.CompareOrdinal(Day, before.Day) < 0) yield return $"lies in a day before {before.Day}";
        if (!File.EndsWith($"-{Start:D20}.parquet", StringComparison.Ordinal)) yield return $"starts at {Start} and is not named so";
        if (Found[2] != Rows) yield return $"has {Found[2]} rows and says {Rows}";
        if (Found[0] < Start || Found[1] > End) yield return $"covers {Start} to {End} and holds {Found[0]} to {Found[1]}";
        if (Found[3] != Partition || Found[4] != Partition) yield return $"holds rows of other partitions than {Partition}";
    }

    private static long Number(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);
}
