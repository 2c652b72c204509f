using System.Globalization;
using Banking.Sink.Tables;

namespace Banking.Sink.Files;

/// <summary>What a file's footer says of it, under keys that begin with <c>banking.</c>.</summary>
/// <param name="Start">The first offset that the file covers; also in its name.</param>
/// <param name="End">The last offset that the file covers: the chain goes on behind it.</param>
public sealed record FileFooter(string Table, ChainId Chain, long Start, long End, long Rows, DateTimeOffset Created)
{
    private const string Prefix = "banking.";

    public IReadOnlyDictionary<string, string> ToMetadata() => new Dictionary<string, string>
    {
        [Prefix + "table"] = Table,
        [Prefix + "log"] = Chain.LogId,
        [Prefix + "partition"] = Chain.Partition.ToString(CultureInfo.InvariantCulture),
        [Prefix + "start"] = Start.ToString(CultureInfo.InvariantCulture),
        [Prefix + "end"] = End.ToString(CultureInfo.InvariantCulture),
        [Prefix + "rows"] = Rows.ToString(CultureInfo.InvariantCulture),
        [Prefix + "created"] = Created.ToString("O", CultureInfo.InvariantCulture),
        [Prefix + "schema"] = LakeTables.SchemaVersion.ToString(CultureInfo.InvariantCulture),
    };

    /// <exception cref="InvalidDataException">The metadata is not what <see cref="ToMetadata"/> writes.</exception>
    public static FileFooter FromMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        return new(
            Text("table"),
            new ChainId(Text("log"), (int)Number("partition")),
            Number("start"),
            Number("end"),
            Number("rows"),
            DateTimeOffset.TryParse(Text("created"), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var created)
                ? created
                : throw new InvalidDataException("The footer's banking.created is no time."));

        string Text(string key) =>
            metadata.TryGetValue(Prefix + key, out var value) ? value : throw new InvalidDataException($"The footer has no {Prefix}{key}.");

        long Number(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"The footer's {Prefix}{key} is no number.");
    }
}
