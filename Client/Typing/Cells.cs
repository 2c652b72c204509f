using System.Text;
using Spectre.Console.Rendering;

namespace Banking.Client.Typing;

/// <summary>Measures text as a terminal does: some characters take two cells, some none. Pure.</summary>
internal static class Cells
{
    public static int Of(string text) => text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? new Segment(text).CellCount() : text.Length;

    /// <summary>As much of a text as fits, with an ellipsis if something is cut off.</summary>
    /// <param name="most">At least 1.</param>
    public static string Cut(string text, int most)
    {
        if (Of(text) <= most) return text;
        var cut = new StringBuilder();
        var cells = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var letter = rune.ToString();
            if ((cells += Of(letter)) >= most) break;
            cut.Append(letter);
        }

        return cut.Append('…').ToString();
    }
}
