using System.Globalization;
using Banking.Accounts;
using Banking.Client.Banks;
using Spectre.Console;

namespace Banking.Client.Playing;

/// <summary>The tables that a player looks at. Pure.</summary>
internal static class Screens
{
    public static Table Holdings(AccountStatement statement)
    {
        var table = new Table().RoundedBorder().Title($"[bold]{Shown(statement.FullName)}[/] ({Shown(statement.AccountId)})")
            .AddColumns(Left("Holding"), Right("Quantity"), Right("Paid"), Right("Worth"), Right("Gain"));
        foreach (var holding in statement.Holdings)
        {
            table.AddRow(
                Shown(holding.AssetName), Number(holding.Quantity, holding.AssetName == "cash" ? "N2" : "N0"), Number(holding.OriginalValue, "N2"),
                Number(holding.CurrentValue, "N2"), Gain(holding.CurrentValue - holding.OriginalValue));
        }

        return table.AddEmptyRow().AddRow("[bold]Total[/]", "", Number(statement.OriginalValue, "N2"), $"[bold]{Number(statement.TotalValue, "N2")}[/]",
            Gain(statement.TotalValue - statement.OriginalValue));
    }

    public static Table Prices(IReadOnlyList<AssetPrice> prices)
    {
        var table = new Table().RoundedBorder().Title("[bold]Market[/]").AddColumns(Left("Asset"), Left("Type"), Right("Price"), Left(""));
        foreach (var asset in prices.Where(asset => asset.Tradable))
            table.AddRow(Shown(asset.AssetName), Shown(asset.AssetType), Number(asset.Price, "N6"), asset.Halted ? "[red]halted[/]" : "");
        return table;
    }

    /// <summary>What somebody named, as text in markup.</summary>
    public static string Shown(string name) => Markup.Escape(ShownText.Line(name));

    private static TableColumn Left(string header) => new(header);

    private static TableColumn Right(string header) => new(header) { Alignment = Justify.Right };

    private static string Gain(decimal gain) => gain == 0 ? "" : $"[{(gain > 0 ? "green" : "red")}]{Number(gain, "+#,0.00;-#,0.00")}[/]";

    private static string Number(decimal number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
