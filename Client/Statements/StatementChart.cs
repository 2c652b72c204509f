using System.Globalization;
using Banking.Client.Terminals;
using Banking.Client.Typing;
using Spectre.Console;

namespace Banking.Client.Statements;

/// <summary>Draws a statement: a bar for the cash after each event.</summary>
internal static class StatementChart
{
    private const int WidthInAPipe = 100;
    private const int ShortestBar = 10;
    private const int LongestBar = 50;
    private const int Space = 2;

    public static void Draw(string account, AccountStatement statement, Terminal terminal)
    {
        var console = terminal.DrawOnOut();
        var lines = statement.Newest;
        var shown = Count(statement.Events);
        if (lines.Count < statement.Events) shown = $"the newest {Count(lines.Count)} of {shown}";
        console.WriteLine(ShownText.Line($"{account}: {shown} events, and the cash after each"));
        console.Write(Bars([.. lines], terminal.Width ?? WidthInAPipe));
        var holdings = string.Concat(statement.Holdings.Select(holding => $", {Count(holding.Value)} {holding.Key}"));
        console.WriteLine(ShownText.Line($"Now: {Money(statement.Cash)} in cash{holdings}"));
    }

    // Spectre's bar chart breaks labels in the middle, and writes doubles.
    private static Grid Bars(StatementLine[] lines, int width)
    {
        var most = lines.Max(line => line.Cash);
        var texts = lines.Max(line => Cells.Of(line.Time)) + lines.Max(line => Cells.Of(line.What))
            + lines.Max(line => Money(line.Cash).Length);
        var room = Math.Clamp(width - texts - (3 * Space), ShortestBar, LongestBar);
        var grid = new Grid();
        for (var column = 0; column < 4; column++) grid.AddColumn(Column());
        grid.Columns[2].Alignment = Justify.Right;
        foreach (var line in lines)
        {
            var bar = most > 0 ? (int)Math.Round(line.Cash / most * room) : 0;
            grid.AddRow(
                new Text(ShownText.Line(line.Time)), new Text(ShownText.Line(line.What)), new Text(Money(line.Cash)),
                new Text(new string('█', bar), new Style(Color.Green)));
        }

        return grid;
    }

    private static GridColumn Column() => new() { NoWrap = true, Padding = new Padding(0, 0, Space, 0) };

    private static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}
