using System.Globalization;
using Banking.Accounts;
using Banking.Client.Banks;
using Banking.Client.Typing;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Banking.Client.Playing;

/// <summary>The parts of what a player sees. Pure.</summary>
internal static class Screens
{
    private const int WideEnough = 90;
    private const int OtherRows = 22;
    private const int FewestAssets = 5;

    public static IRenderable Waiting { get; } = new Markup("[grey]Asking the bank …[/]");

    public static Table Holdings(AccountStatement statement)
    {
        var table = new Table().RoundedBorder().Title($"[bold]{Shown(statement.FullName)}[/] ({Shown(statement.AccountId)})")
            .AddColumns(Left("Holding"), Right("Quantity"), Right("Paid"), Right("Worth"), Right("Gain"));
        foreach (var holding in statement.Holdings)
        {
            table.AddRow(
                Shown(holding.AssetName),
                Number(holding.Quantity, holding.AssetName == Offers.CashName ? "N2" : "N0"),
                Number(holding.OriginalValue, "N2"),
                Number(holding.CurrentValue, "N2"),
                Gain(holding.CurrentValue - holding.OriginalValue));
        }

        return table.AddEmptyRow().AddRow(
            "[bold]Total[/]",
            "",
            Number(statement.OriginalValue, "N2"),
            $"[bold]{Number(statement.TotalValue, "N2")}[/]",
            Gain(statement.TotalValue - statement.OriginalValue));
    }

    /// <param name="height">The rows of the terminal: what does not fit is only counted.</param>
    public static Table Prices(IReadOnlyList<AssetPrice> prices, int height)
    {
        var table = new Table().RoundedBorder().Title("[bold]Market[/]").AddColumns(Left("Asset"), Left("Type"), Right("Price"), Left(""));
        var assets = prices.Where(asset => asset.Tradable).ToList();
        var most = Math.Max(FewestAssets, height - OtherRows);
        foreach (var asset in assets.Take(most))
            table.AddRow(Shown(asset.AssetName), Shown(asset.AssetType), Number(asset.Price, "N6"), asset.Halted ? "[red]halted[/]" : "");
        if (assets.Count > most) table.AddRow($"[grey]and {Number(assets.Count - most, "N0")} more[/]");
        return table;
    }

    /// <summary>
    /// Puts parts side by side or, if they don't fit, one below the other with the first at the bottom: what has no room is left out at the
    /// top.
    /// </summary>
    public static IRenderable SideBySide(int width, params IRenderable[] tables)
    {
        if (width < WideEnough) return new Rows(tables.Reverse());
        var grid = new Grid();
        foreach (var _ in tables) grid.AddColumn(new GridColumn().NoWrap());
        return grid.AddRow(tables);
    }

    /// <param name="question">The question as markup.</param>
    public static IRenderable Question(string question, EditedText typed, string? problem)
    {
        var (before, behind) = (typed.Text[..typed.Cursor], typed.Text[typed.Cursor..]);
        var under = typed.Right().Cursor - typed.Cursor;
        var cursor = under == 0 ? " " : Shown(behind[..under]);
        List<IRenderable> rows =
        [
            new Markup($"{question} [grey](Esc: back)[/]"),
            new Markup($"> {Shown(before)}[invert]{cursor}[/]{Shown(behind[under..])}"),
        ];
        if (problem is not null) rows.Insert(0, new Markup($"[red]{Shown(problem)}[/]"));
        return new Rows(rows);
    }

    /// <param name="title">The title as markup.</param>
    /// <param name="shown">A choice as markup.</param>
    /// <param name="at">The index of the chosen one.</param>
    /// <param name="most">How many are shown: those around the chosen one.</param>
    public static IRenderable Choice(string title, int choices, Func<int, string> shown, int at, int most)
    {
        var first = Math.Clamp(at - (most / 2), 0, Math.Max(0, choices - most));
        var rows = Enumerable.Range(first, Math.Min(most, choices)).Select(i => i == at ? $"[blue]> {shown(i)}[/]" : $"  {shown(i)}");
        var more = choices > most ? $", {choices} in all" : "";
        return new Rows(rows.Prepend($"{title} [grey](arrows and Enter; Esc: back{more})[/]").Select(row => new Markup(row)));
    }

    /// <summary>A name that somebody gave, as text in markup.</summary>
    public static string Shown(string name) => Markup.Escape(ShownText.Line(name));

    private static TableColumn Left(string header) => new(header);

    private static TableColumn Right(string header) => new(header) { Alignment = Justify.Right };

    private static string Gain(decimal gain) =>
        gain == 0 ? "" : $"[{(gain > 0 ? "green" : "red")}]{Number(gain, "+#,0.00;-#,0.00")}[/]";

    private static string Number(decimal number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
