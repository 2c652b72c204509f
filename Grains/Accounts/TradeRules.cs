using Banking.Markets;

namespace Banking.Accounts;

/// <summary>What a trade costs or earns. The market rounds in its favour: buyers pay the cent above, sellers get the cent below.</summary>
public static class TradeRules
{
    public static Posting Buy(AccountState state, BuyAsset order, Quote? quote, DateTimeOffset now)
    {
        var code = CheckMarket(order.Quantity, quote, now, quote?.UnitPrice > order.LimitPrice);
        if (code != ActionCode.Done) return Posting.Refused(code);
        var cost = Cents(order.Quantity * quote!.UnitPrice, MidpointRounding.ToPositiveInfinity);
        if (cost > state.Cash) return Posting.Refused(ActionCode.CashShort);
        return Held(state, order.AssetName) + order.Quantity > AccountLimits.MaxQuantity
            ? Posting.Refused(ActionCode.BalanceOutOfRange)
            : new(cost, -cost, quote.UnitPrice);
    }

    public static Posting Sell(AccountState state, SellAsset order, Quote? quote, DateTimeOffset now)
    {
        var code = CheckMarket(order.Quantity, quote, now, quote?.UnitPrice < order.LimitPrice);
        if (code != ActionCode.Done) return Posting.Refused(code);
        if (Held(state, order.AssetName) < order.Quantity) return Posting.Refused(ActionCode.HoldingShort);
        var proceeds = Cents(order.Quantity * quote!.UnitPrice, MidpointRounding.ToNegativeInfinity);
        return state.Cash + proceeds > AccountLimits.MaxBalance
            ? Posting.Refused(ActionCode.BalanceOutOfRange)
            : new(proceeds, proceeds, quote.UnitPrice);
    }

    private static ActionCode CheckMarket(long quantity, Quote? quote, DateTimeOffset now, bool beyondLimit)
    {
        if (quote is null) return ActionCode.AssetUnknown;
        if (!quote.Tradable) return ActionCode.AssetNotTradable;
        if (quote.Halted) return ActionCode.MarketHalted;
        if (now >= quote.ValidUntil) return ActionCode.QuoteExpired;
        if (beyondLimit) return ActionCode.PriceBeyondLimit;
        return quantity > quote.MaxOrderQuantity ? ActionCode.QuantityAboveMarketLimit : ActionCode.Done;
    }

    private static long Held(AccountState state, string assetName)
    {
        foreach (var position in state.Positions)
        {
            if (position.AssetName == assetName) return position.Quantity;
        }

        return 0;
    }

    private static decimal Cents(decimal money, MidpointRounding rounding) => decimal.Round(money, 2, rounding);
}
