using System.Globalization;
using Spectre.Console;

namespace Banking.Client.Statements;

/// <summary>Draws a statement: a bar for the cash after each event.</summary>
internal static class StatementChart
{
    private const int WidthInAPipe = 100;

    public static void Draw(string account, AccountStatement statement, Terminal terminal)
    {
        var console = terminal.DrawOnOut();
        var lines = statement.Newest;
        var width = lines.Max(line => Money(line.Cash).Length);
        var chart = new BarChart { Width = terminal.Width ?? WidthInAPipe, ShowValues = false };
        foreach (var line in lines)
        {
            // The money is in the label, to the cent: a bar's own value is a double.
            var label = $"{line.Time}  {line.What}  {Money(line.Cash).PadLeft(width)}";
            chart.AddItem(Markup.Escape(ShownText.Line(label)), (double)line.Cash, Color.Green);
        }

        var shown = lines.Count < statement.Events ? $"the newest {lines.Count:N0} of {statement.Events:N0} events" : $"{statement.Events:N0} events";
        var holdings = string.Concat(statement.Holdings.Select(holding => string.Create(CultureInfo.InvariantCulture, $", {holding.Value} {holding.Key}")));
        console.WriteLine(ShownText.Line(string.Create(CultureInfo.InvariantCulture, $"{account}: {shown}, and the cash after each")));
        console.Write(chart);
        console.WriteLine(ShownText.Line($"Now: {Money(statement.Cash)} in cash{holdings}"));
    }

    private static string Money(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}
