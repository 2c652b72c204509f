using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Sink.Partitions;
using Parquet;

namespace Banking.Sink.Tests.Support;

/// <summary>Compares the lake with what the log says must be in it.</summary>
internal static class LakeAudit
{
    /// <summary>
    /// The offsets that a table must hold: every event of its types, an account's event of a number only where it comes first.
    /// </summary>
    public static List<long> Expected(MemoryLog log, LakeTable table)
    {
        var seen = new HashSet<(string Account, long Number)>();
        var offsets = new List<long>();
        var parser = new EventParser();
        foreach (var record in log.Records)
        {
            if (!parser.TryParse(record.ForLake(), 0)) continue;
            var e = parser.Event;
            if (!table.EventTypes.Contains(System.Text.Encoding.UTF8.GetString(e.Text(EventField.EventType)))) continue;
            var sequence = e.Number(EventField.SequenceNumber);
            if (sequence != ParsedEvent.None && e.HasText(EventField.AccountId))
            {
                var account = System.Text.Encoding.UTF8.GetString(e.Text(EventField.AccountId));
                if (!seen.Add((account, sequence))) continue;
            }

            offsets.Add(record.Offset);
        }

        return offsets;
    }

    public static List<long> Actual(SinkFixture fixture, LakeTable table) => fixture.Lake.Count(table.Name) == 0
        ? []
        : [.. fixture.Lake.Query(table.Name, "select log_offset from {table} order by 1").Select(row => (long)row[0]!)];

    /// <summary>The ranges that a table's files cover, by their footers, in order.</summary>
    public static async Task<List<(long Start, long End)>> RangesAsync(string root, LakeTable table)
    {
        var ranges = new List<(long, long)>();
        if (!Directory.Exists($"{root}/{table.Name}")) return ranges;
        foreach (var file in Directory.EnumerateFiles($"{root}/{table.Name}", "*.parquet", SearchOption.AllDirectories))
        {
            await using var reader = await ParquetReader.CreateAsync(file);
            var footer = FileFooter.FromMetadata(reader.CustomMetadata);
            ranges.Add((footer.Start, footer.End));
        }

        ranges.Sort();
        return ranges;
    }

    /// <summary>Exactly once, and chains without gap or overlap.</summary>
    public static async Task AssertExactlyOnceAsync(SinkFixture fixture)
    {
        foreach (var table in LakeTables.All)
        {
            Assert.Equal(Expected(fixture.Log, table), Actual(fixture, table));
            var next = 0L;
            foreach (var (start, end) in await RangesAsync(fixture.Root, table))
            {
                Assert.Equal(next, start);
                Assert.True(end >= start);
                next = end + 1;
            }
        }
    }
}
