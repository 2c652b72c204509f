using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Playing;

/// <summary>What a player can do with what the account has, at the present prices. Pure; the bank has the last word.</summary>
internal static class Offers
{
    public const string CashName = "cash";

    // More than a bank trades at once, but few enough for a decimal to hold their value at any price.
    private const long Most = 1_000_000_000_000;

    public static decimal CashOf(AccountStatement statement) =>
        statement.Holdings.FirstOrDefault(holding => holding.AssetName == CashName)?.Quantity ?? 0;

    public static decimal HeldOf(AccountStatement statement, string asset) =>
        statement.Holdings.FirstOrDefault(holding => holding.AssetName == asset)?.Quantity ?? 0;

    /// <summary>How many units the cash can pay for. A purchase is rounded up to whole cents, and cash is in whole cents too.</summary>
    public static decimal Affordable(decimal cash, decimal price) => price > 0 ? decimal.Floor(cash / price) : 0;

    public static string Cash(AccountStatement statement) => Text($"You have {CashOf(statement):N2}.");

    public static string Purchase(AccountStatement statement, AssetPrice asset) =>
        Text($"At {asset.Price:N6} your {CashOf(statement):N2} buys {Affordable(CashOf(statement), asset.Price):N0}.");

    public static string Sale(AccountStatement statement, string asset, decimal? price) => price is { } known
        ? Text($"You have {HeldOf(statement, asset):N0}; one is {known:N6}.")
        : Text($"You have {HeldOf(statement, asset):N0}.");

    /// <summary>What a number of units costs or brings; empty if the text is not a number of units.</summary>
    public static string Total(string typed, decimal? price, bool isPurchase)
    {
        if (price is not { } known || !TypedNumbers.TryQuantity(typed, out var quantity) || quantity is <= 0 or > Most) return "";
        var cents = quantity * known * 100;
        return isPurchase
            ? Text($" {quantity:N0} cost {decimal.Ceiling(cents) / 100:N2}.")
            : Text($" {quantity:N0} bring {decimal.Floor(cents) / 100:N2}.");
    }

    private static string Text(DefaultInterpolatedStringHandler text) => text.ToStringAndClear();
}
