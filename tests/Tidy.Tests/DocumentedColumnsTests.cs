using System.Text.RegularExpressions;
using Banking.Lake.Tables;

namespace Banking.Tidy.Tests;

/// <summary>What docs/lake.md says of the tables is what the lake has.</summary>
public sealed partial class DocumentedColumnsTests
{
    private static readonly string[] Lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "lake.md"));

    [Fact]
    public void Tables_Always_AreTheLakes() => Assert.Equal(
        LakeTables.All.Select(table => $"{table.Name}: {string.Join(", ", table.EventTypes)}"),
        Rows("| table |")
            .Select(cells => $"{Names(cells[0]).Single().Name}: {string.Join(", ", Names(cells[1]).Select(name => name.Name))}"));

    [Fact]
    public void Columns_Always_AreTheLakes()
    {
        var documented = Rows("| columns |").SelectMany(cells => Names(cells[0]).Select(name => $"{name.Name} {name.Type ?? cells[1]}"));

        // The widest table has them all; the others lack what the document says they lack.
        Assert.Equal(
            LakeTables.CashTransactions.Columns
                .Select(column => $"{column.Name} {column.SqlType}")
                .Append($"{LakeTables.DayColumn} string"),
            documented);
    }

    [Fact]
    public void Field_Always_IsFoundByItsKey()
    {
        EventField[] ofTheRecord = [EventField.RawEvent, EventField.RecordTime, EventField.Partition, EventField.Offset];
        foreach (var field in Enum.GetValues<EventField>().Except(ofTheRecord)) Assert.Equal(field, EventFields.Find(EventKeys.Of(field)));
    }

    private static IEnumerable<string[]> Rows(string head) => Lines
        .SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal))
        .Skip(2)
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries));

    private static IEnumerable<(string Name, string? Type)> Names(string cell) => Name().Matches(cell)
        .Select(match => (match.Groups["name"].Value, match.Groups["type"].Success ? match.Groups["type"].Value : null));

    [GeneratedRegex(@"`(?<name>\w+)`(?: \((?<type>\w+)\))?")]
    private static partial Regex Name();
}
