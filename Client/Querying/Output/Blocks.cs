using System.Globalization;
using System.Text;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Output;

/// <summary>Draws a row as a block, one column per line. Pure.</summary>
internal static class Blocks
{
    private const int Rule = 40;

    public static string Draw(string[] names, string[] row, long number)
    {
        var text = new StringBuilder();
        var title = string.Create(CultureInfo.InvariantCulture, $"─ {number} ");
        text.Append(title).Append('─', Math.Max(1, Rule - title.Length)).Append('\n');
        var widest = names.Max(Cells.Of);
        for (var i = 0; i < names.Length; i++)
        {
            text.Append(names[i]);
            if (row[i].Length > 0) text.Append(' ', widest - Cells.Of(names[i]) + 2).Append(row[i]);
            text.Append('\n');
        }

        return text.ToString();
    }
}
