using System.Globalization;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Sells at the market's price. The market rounds in its favour: for sellers it rounds down to the cent.</summary>
internal sealed class SellAssetRules() : ActionRules<SellAsset>(SellAsset.Type)
{
    public override bool CanHappen(AccountState state, GameEvent happened) =>
        state.IsOpen
        && happened is { AssetName: { } asset, Quantity: { } sold and > 0, Amount: not null }
        && Trades.IndexOf(state.Positions, asset) is var at and >= 0
        && state.Positions[at].Quantity >= sold;

    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        Cash = state.Cash + happened.Amount.GetValueOrDefault(),
        Earned = state.Earned + happened.Amount.GetValueOrDefault(),
        Positions = Sold(state.Positions, happened),
    };

    protected override ActionCode CheckForm(SellAsset action) => ActionForm.CheckOrder(action.Quantity, action.LimitPrice);

    protected override string ContentOf(SellAsset action) => string.Create(
        CultureInfo.InvariantCulture, $"sell\n{action.AssetName}\n{action.Quantity}\n{action.LimitPrice:0.######}");

    protected override string? AssetOf(SellAsset action) => action.AssetName;

    protected override Posting Decide(AccountState state, SellAsset action, Quote? quote, DateTimeOffset now)
    {
        var code = Trades.CheckMarket(action.Quantity, quote, now, quote?.UnitPrice < action.LimitPrice);
        if (code != ActionCode.Done) return Posting.Refused(code);
        var at = Trades.IndexOf(state.Positions, action.AssetName);
        if (at < 0 || state.Positions[at].Quantity < action.Quantity) return Posting.Refused(ActionCode.HoldingShort);
        var proceeds = decimal.Round(action.Quantity * quote!.UnitPrice, 2, MidpointRounding.ToNegativeInfinity);
        return state.Cash + proceeds > AccountLimits.MaxBalance
            ? Posting.Refused(ActionCode.BalanceOutOfRange)
            : new(proceeds, proceeds, quote.UnitPrice);
    }

    protected override EventFacts FactsOf(string accountId, SellAsset action, in Posting posting, Quote? quote) =>
        Trades.FactsOf(action.AssetName, action.Quantity, posting, quote!);

    private static Position[] Sold(Position[] positions, GameEvent sale)
    {
        var at = Trades.IndexOf(positions, sale.AssetName!);
        var held = positions[at];
        var left = held.Quantity - sale.Quantity!.Value;
        if (left == 0) return [.. positions[..at], .. positions[(at + 1)..]];

        // Divided first: cost times quantity can be more than a decimal holds.
        var cost = decimal.Round(held.Cost * ((decimal)left / held.Quantity), 2);
        return Trades.Replace(positions, at, held with { Quantity = left, Cost = cost, ChangedAt = sale.OccurredAt });
    }
}
