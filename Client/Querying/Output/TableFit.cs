using System.Collections.Immutable;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Output;

/// <summary>
/// Which columns of a page of rows are drawn, and how wide. If they do not fit, long texts are cut, the longest first; if that is not
/// enough, columns in the middle are left out. A number is never cut, as it would become another number. Pure.
/// </summary>
/// <param name="Left">How many columns are drawn, counted from the first.</param>
/// <param name="Right">How many columns are drawn, counted back from the last.</param>
/// <param name="Widths">The width of every column, in cells.</param>
/// <param name="Cut">Whether some text is not shown completely.</param>
internal sealed record TableFit(int Left, int Right, ImmutableArray<int> Widths, bool Cut)
{
    /// <summary>The border and the space around a cell.</summary>
    private const int Frame = 3;

    // If narrower, a text says nothing.
    private const int Narrowest = 10;

    public int Hidden => Widths.Length - Left - Right;

    /// <summary>The columns that are drawn, in order.</summary>
    public IEnumerable<int> Columns => Enumerable.Range(0, Left).Concat(Enumerable.Range(Widths.Length - Right, Right));

    /// <param name="width">Cells in a line; null for as many as needed.</param>
    public static TableFit Of(string[] names, bool[] numeric, List<string[]> rows, int? width)
    {
        var whole = new int[names.Length];
        for (var i = 0; i < whole.Length; i++)
        {
            whole[i] = Cells.Of(names[i]);
            foreach (var row in rows) whole[i] = Math.Max(whole[i], Cells.Of(row[i]));
        }

        if (width is not { } room || Line(whole) <= room) return new TableFit(names.Length, 0, [.. whole], false);
        int[] Narrowed(int most) => [.. whole.Select((cells, i) => numeric[i] ? cells : Math.Min(cells, most))];
        for (var most = Math.Min(whole.Max() - 1, room); most >= Narrowest; most--)
            if (Narrowed(most) is var narrowed && Line(narrowed) <= room) return new TableFit(names.Length, 0, [.. narrowed], true);
        var widths = Narrowed(Narrowest);
        var (left, right) = Ends(widths, room);
        if (left + right == 1) widths[0] = Math.Min(whole[0], Math.Max(Narrowest, room - Frame - 1 - (names.Length > 1 ? Frame + 1 : 0)));
        var fit = new TableFit(left, right, [.. widths], false);
        return fit with { Cut = fit.Columns.Any(i => widths[i] < whole[i]) };
    }

    /// <summary>Sentences about what is not shown.</summary>
    public IEnumerable<string> Notices(string[] names)
    {
        var hidden = string.Join(", ", names[Left..^Right]);
        if (Hidden > 0) yield return $"{Hidden} of {names.Length} columns are not shown ({hidden}): select fewer, or use --expanded.";
        if (Cut) yield return "Long texts are cut (…); --expanded shows them whole.";
    }

    private static int Line(IEnumerable<int> widths) => widths.Sum(cells => cells + Frame) + 1;

    // From both ends in turn: the first columns are the old pipeline's, the last ones are the typed ones.
    private static (int Left, int Right) Ends(int[] widths, int room)
    {
        // The border at the end, and a column that stands for those left out.
        var used = 1 + Frame + 1;
        var (left, right) = (0, 0);
        while (left + right < widths.Length)
        {
            var next = left <= right ? left : widths.Length - 1 - right;
            used += widths[next] + Frame;
            if (used > room && left > 0) break;
            if (left <= right) left++;
            else right++;
        }

        return (left, right);
    }
}
