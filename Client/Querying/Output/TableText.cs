using System.Text;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Output;

/// <summary>Draws a page of rows as a table, with numbers aligned to the right. Pure.</summary>
internal static class TableText
{
    public static string Draw(string[] names, bool[] numeric, List<string[]> rows, TableFit fit)
    {
        int[] columns = [.. fit.Columns];
        var text = new StringBuilder();
        Rule(text, columns, fit, "╭┬╮");
        Line(text, columns, fit, names, numeric);
        Rule(text, columns, fit, "├┼┤");
        foreach (var row in rows) Line(text, columns, fit, row, numeric);
        Rule(text, columns, fit, "╰┴╯");
        return text.ToString();
    }

    private static void Rule(StringBuilder text, int[] columns, TableFit fit, string corners)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            text.Append(corners[i == 0 ? 0 : 1]).Append('─', fit.Widths[columns[i]] + 2);
            if (GapAfter(i, fit)) text.Append(corners[1]).Append("───");
        }

        text.Append(corners[2]).Append('\n');
    }

    private static void Line(StringBuilder text, int[] columns, TableFit fit, string[] values, bool[] numeric)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var width = fit.Widths[columns[i]];
            var value = Cells.Cut(values[columns[i]], width);
            var space = width - Cells.Of(value);
            text.Append("│ ");
            if (numeric[columns[i]]) text.Append(' ', space).Append(value);
            else text.Append(value).Append(' ', space);
            text.Append(' ');
            if (GapAfter(i, fit)) text.Append("│ … ");
        }

        text.Append("│\n");
    }

    private static bool GapAfter(int drawn, TableFit fit) => fit.Hidden > 0 && drawn == fit.Left - 1;
}
