using System.Globalization;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>Buys at the market's price. The market rounds in its favour: buyers pay up to the next cent.</summary>
internal sealed class BuyAssetRules() : ActionRules<BuyAsset>(BuyAsset.Type)
{
    public override bool CanHappen(AccountState state, GameEvent happened) =>
        state.IsOpen && happened is { AssetName: not null, AssetType: not null, Quantity: > 0, Amount: not null };

    public override AccountState Fold(AccountState state, GameEvent happened) => state with
    {
        SequenceNumber = happened.SequenceNumber!.Value,
        CashChangedAt = CashTime(state, happened),
        Cash = state.Cash - happened.Amount.GetValueOrDefault(),
        Spent = state.Spent + happened.Amount.GetValueOrDefault(),
        Positions = Bought(state.Positions, happened),
    };

    protected override ActionCode CheckForm(BuyAsset action) => ActionForm.CheckOrder(action.Quantity, action.LimitPrice);

    protected override string ContentOf(BuyAsset action) => string.Create(
        CultureInfo.InvariantCulture, $"buy\n{action.AssetName}\n{action.Quantity}\n{action.LimitPrice:0.######}");

    protected override string? AssetOf(BuyAsset action) => action.AssetName;

    protected override Posting Decide(AccountState state, BuyAsset action, Quote? quote, DateTimeOffset now)
    {
        var code = Trades.CheckMarket(action.Quantity, quote, now, quote?.UnitPrice > action.LimitPrice);
        if (code != ActionCode.Done) return Posting.Refused(code);
        var cost = decimal.Round(action.Quantity * quote!.UnitPrice, 2, MidpointRounding.ToPositiveInfinity);
        if (cost > state.Cash) return Posting.Refused(ActionCode.CashShort);
        var at = Trades.IndexOf(state.Positions, action.AssetName);
        return (at < 0 ? 0 : state.Positions[at].Quantity) + action.Quantity > AccountLimits.MaxQuantity
            ? Posting.Refused(ActionCode.BalanceOutOfRange)
            : new(cost, -cost, quote.UnitPrice);
    }

    protected override EventFacts FactsOf(string accountId, BuyAsset action, in Posting posting, Quote? quote) =>
        Trades.FactsOf(action.AssetName, action.Quantity, posting, quote!);

    private static Position[] Bought(Position[] positions, GameEvent purchase)
    {
        var (asset, quantity, cost) = (purchase.AssetName!, purchase.Quantity!.Value, purchase.Amount!.Value);
        var at = Trades.IndexOf(positions, asset);
        if (at < 0) return [.. positions, new Position(asset, purchase.AssetType!, quantity, cost, purchase.OccurredAt)];
        var held = positions[at];
        return Trades.Replace(
            positions, at, held with { Quantity = held.Quantity + quantity, Cost = held.Cost + cost, ChangedAt = purchase.OccurredAt });
    }
}
