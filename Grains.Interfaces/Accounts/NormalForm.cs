using System.Text;
using ADRaffy.ENSNormalize;

namespace Banking.Accounts;

/// <summary>
/// Unicode's normal form C: texts that look the same become the same text, however their accents were typed.
/// <see cref="string.Normalize()"/> does nothing where globalization is invariant, as it is here.
/// </summary>
public static class NormalForm
{
    /// <summary>The text in normal form; text that is not valid UTF-16 is returned as it is.</summary>
    public static string Of(string text) => Ascii.IsValid(text) || HasLoneSurrogate(text) ? text : ENSNormalize.NF.NFC(text);

    public static bool Is(string text) => string.Equals(Of(text), text, StringComparison.Ordinal);

    private static bool HasLoneSurrogate(string text)
    {
        for (var i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out var rune)) return true;
            i += rune.Utf16SequenceLength;
        }

        return false;
    }
}
