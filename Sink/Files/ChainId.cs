using System.Globalization;

namespace Banking.Sink.Files;

/// <summary>
/// Whose files: one partition of one log. In each table the files of a chain cover the partition's offsets from 0 on, without gap or
/// overlap. Another log under the same name has another id and so chains of its own.
/// </summary>
public readonly record struct ChainId(string LogId, int Partition)
{
    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out ChainId chain)
    {
        // The log's id may hold anything that a name may; what follows it may not.
        var mark = text.LastIndexOf("-p", StringComparison.Ordinal);
        chain = default;
        if (mark <= 0 || !int.TryParse(text[(mark + 2)..], NumberStyles.None, CultureInfo.InvariantCulture, out var partition)) return false;
        chain = new ChainId(text[..mark].ToString(), partition);
        return true;
    }

    /// <summary>E.g. <c>4f2a-p003</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{LogId}-p{Partition:D3}");
}
