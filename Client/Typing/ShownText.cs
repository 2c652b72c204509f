using System.Globalization;
using System.Text;

namespace Banking.Client.Typing;

/// <summary>
/// Makes text that anybody may have sent safe for a terminal: what would control the terminal or change the reading direction is written
/// out (<c>\u001B</c>), and the rest stays as it is. Pure.
/// </summary>
internal static class ShownText
{
    /// <summary>For one line: line ends and tabs are written out too.</summary>
    public static string Line(string text) => Of(text, "");

    /// <summary>For text that has lines.</summary>
    public static string Lines(string text) => Of(text, "\n\t");

    private static string Of(string text, string kept)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        StringBuilder? shown = null;
        for (var at = 0; at < text.Length;)
        {
            var isRune = Rune.TryGetRuneAt(text, at, out var rune);
            var length = isRune ? rune.Utf16SequenceLength : 1;
            var asItIs = isRune && (!Steers(rune) || (rune.IsBmp && kept.Contains((char)rune.Value, StringComparison.Ordinal)));
            if (!asItIs) shown ??= new StringBuilder(text, 0, at, text.Length + 16);
            if (asItIs) shown?.Append(text, at, length);
            else if (length == 1) shown!.Append(Name(text[at]));
            else shown!.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[at]:X4}\\u{(int)text[at + 1]:X4}");
            at += length;
        }

        return shown?.ToString() ?? text;
    }

    // Format characters are invisible, and some reverse the text around them; the two exceptions join and separate letters in Persian,
    // Hindi and emoji.
    private static bool Steers(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => true,
        UnicodeCategory.Format => rune.Value is not (0x200C or 0x200D),
        _ => false,
    };

    private static string Name(char c) => c switch
    {
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
    };
}
