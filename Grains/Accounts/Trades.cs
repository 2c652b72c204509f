using System.Globalization;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>What buying and selling have in common.</summary>
internal static class Trades
{
    public static ActionCode CheckMarket(long quantity, Quote? quote, DateTimeOffset now, bool beyondLimit)
    {
        if (quote is null) return ActionCode.AssetUnknown;
        if (!quote.Tradable) return ActionCode.AssetNotTradable;
        if (quote.Halted) return ActionCode.MarketHalted;
        if (now >= quote.ValidUntil) return ActionCode.QuoteExpired;
        if (beyondLimit) return ActionCode.PriceBeyondLimit;
        return quantity > quote.MaxOrderQuantity ? ActionCode.QuantityAboveMarketLimit : ActionCode.Done;
    }

    public static EventFacts FactsOf(string assetName, long quantity, in Posting posting, Quote quote) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{assetName} {quantity}"))
        {
            AssetName = quote.AssetName,
            AssetType = quote.AssetType,
            Quantity = quantity,
            UnitPrice = posting.UnitPrice,
            Amount = posting.Amount,
        };

    /// <returns>A negative number if there is none.</returns>
    public static int IndexOf(Position[] positions, string assetName)
    {
        for (var i = 0; i < positions.Length; i++)
        {
            if (positions[i].AssetName == assetName) return i;
        }

        return -1;
    }

    public static Position[] Replace(Position[] positions, int at, Position position)
    {
        var copy = (Position[])positions.Clone();
        copy[at] = position;
        return copy;
    }
}
