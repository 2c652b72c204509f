using System.Buffers;

namespace Banking.Events;

/// <summary>The trace that a request belongs to, as W3C Trace Context (section 3.2) writes it. Pure and thread-safe.</summary>
public static class TraceContext
{
    private const int Length = 55;
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>
    /// Whether a text is a <c>traceparent</c>: version, trace id, parent id and flags in 2, 32, 16 and 2 lower-case hexadecimal digits,
    /// with a <c>-</c> between them. The version ff and ids that are all zeros are not valid.
    /// </summary>
    public static bool IsTraceParent(ReadOnlySpan<char> text) =>
        text.Length == Length
        && text[2] == '-' && text[35] == '-' && text[52] == '-'
        && IsHex(text[..2]) && text[..2] is not "ff"
        && IsHex(text[3..35]) && text[3..35].ContainsAnyExcept('0')
        && IsHex(text[36..52]) && text[36..52].ContainsAnyExcept('0')
        && IsHex(text[53..]);

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Hex);
}
