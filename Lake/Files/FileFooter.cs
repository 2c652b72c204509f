using System.Globalization;
using Banking.Lake.Evidence;
using Banking.Lake.Tables;

namespace Banking.Lake.Files;

/// <summary>What a file's footer says about the file, under keys that begin with <c>banking.</c>.</summary>
/// <param name="Start">The first offset that the file covers; also in its name.</param>
/// <param name="End">The last offset that the file covers: the chain goes on after it.</param>
public sealed record FileFooter(string Table, ChainId Chain, long Start, long End, long Rows, DateTimeOffset Created)
{
    private const string Prefix = "banking.";

    /// <summary>What its sink knew about the log and the other tables; null in files of earlier builds.</summary>
    public SealEvidence? Evidence { get; init; }

    public IReadOnlyDictionary<string, string> ToMetadata()
    {
        var metadata = CoreMetadata();
        if (Evidence is not { } evidence) return metadata;
        metadata[Prefix + "mark"] = evidence.Mark.ToString();
        Add("durable", "tails", evidence.Committed);
        Add("durable_sealed", "tails_sealed", evidence.Sealed);
        return metadata;

        void Add(string below, string tails, DurableClaim claim)
        {
            metadata[Prefix + below] = claim.Below.ToString(CultureInfo.InvariantCulture);
            metadata[Prefix + tails] = claim.Tails;
        }
    }

    private Dictionary<string, string> CoreMetadata() => new()
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
                : throw new InvalidDataException("The footer's banking.created is no time."))
        {
            Evidence = ReadEvidence(),
        };

        SealEvidence? ReadEvidence()
        {
            if (!metadata.ContainsKey(Prefix + "mark")) return null;
            if (!RecordMark.TryParse(Text("mark"), out var mark)) throw new InvalidDataException("The footer's banking.mark is none.");
            return new SealEvidence(mark, new(Number("durable"), Text("tails")), new(Number("durable_sealed"), Text("tails_sealed")));
        }

        string Text(string key) =>
            metadata.TryGetValue(Prefix + key, out var value) ? value : throw new InvalidDataException($"The footer has no {Prefix}{key}.");

        long Number(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new InvalidDataException($"The footer's {Prefix}{key} is no number.");
    }
}
