using System.Globalization;

namespace Banking.Lake.Files;

/// <summary>
/// Identifies a chain of files: one partition of one log. In each table the files of a chain cover the partition's offsets from 0 on,
/// without gap or overlap. Another log under the same name has another id, and so its own chains.
/// </summary>
public readonly record struct ChainId(string LogId, int Partition)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ChainId chain)
    {
        // The log's id may contain anything that is valid in a name; what follows it may not.
        var mark = text.LastIndexOf("-p", StringComparison.Ordinal);
        chain = default;
        if (mark <= 0 || !int.TryParse(text[(mark + 2)..], NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
        {
            return false;
        }
        chain = new ChainId(text[..mark].ToString(), partition);
        return true;
    }

    /// <summary>The chain that takes this one's place in an epoch of its log, counted from 1; no log's id contains a dot.</summary>
    public ChainId InEpoch(int number) => new(string.Create(CultureInfo.InvariantCulture, $"{LogId}.{number}"), Partition);

    /// <summary>The chain that this one replaces, and the epoch; in the first epoch the chain itself and 0.</summary>
    public (ChainId Chain, int Epoch) Origin
    {
        get
        {
            var dot = LogId.LastIndexOf('.');
            return dot > 0 && int.TryParse(LogId.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? (new ChainId(LogId[..dot], Partition), number)
                : (this, 0);
        }
    }

    /// <summary>E.g. <c>4f2a-p003</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogId}-p{Partition:D3}");
}
