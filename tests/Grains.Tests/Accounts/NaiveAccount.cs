using System.Numerics;
using Banking.Accounts;
using Banking.Markets;

namespace Banking.Grains.Tests.Accounts;

/// <summary>
/// The game's rules once more, written for the reader's eye in whole cents and a list of ifs, to check the real ones against.
/// </summary>
internal sealed class NaiveAccount(int maxUnpublished)
{
    private const long Million = 1_000_000;
    private readonly Dictionary<string, (AccountAction Action, ActionCode Code)> _done = [];
    private string? _holder;

    public BigInteger Cents { get; private set; }

    public Dictionary<string, long> Units { get; } = [];

    public long Events { get; private set; }

    public int Unpublished { get; set; }

    public bool IsOpen => _holder is not null;

    public ActionCode Do(AccountAction action, Quote? quote, DateTimeOffset now)
    {
        if (action is Deposit { Amount: <= 0 } or Withdraw { Amount: <= 0 }) return ActionCode.InvalidAmount;
        if (action is BuyAsset { Quantity: <= 0 } or SellAsset { Quantity: <= 0 }) return ActionCode.InvalidQuantity;
        if (_done.TryGetValue(action.ActionId, out var earlier)) return earlier.Action == action ? earlier.Code : ActionCode.ActionIdReused;
        if (Unpublished >= maxUnpublished) return ActionCode.TooManyUnpublishedEvents;
        var everOpened = Events > 0;
        var code = Play(action, quote, now);
        if (everOpened ? code != ActionCode.QuoteExpired : code == ActionCode.Done) _done[action.ActionId] = (action, code);
        if (code != ActionCode.Done) return code;
        Events++;
        Unpublished++;
        return code;
    }

    private ActionCode Play(AccountAction action, Quote? quote, DateTimeOffset now)
    {
        if (action is OpenAccount open)
        {
            if (_holder is not null) return ActionCode.AccountExists;
            _holder = open.FullName;
            return ActionCode.Done;
        }

        if (Events == 0) return ActionCode.AccountUnknown;
        if (_holder is null) return ActionCode.AccountClosed;
        switch (action)
        {
            case DeleteAccount delete:
                if (delete.FullName != _holder) return ActionCode.NameMismatch;
                _holder = null;
                Cents = 0;
                Units.Clear();
                return ActionCode.Done;
            case Deposit deposit:
                Cents += (BigInteger)(deposit.Amount * 100);
                return ActionCode.Done;
            case Withdraw withdraw:
                var wanted = (BigInteger)(withdraw.Amount * 100);
                if (Cents == 0) return ActionCode.NoCash;
                if (wanted > Cents) return ActionCode.CashShort;
                Cents -= wanted;
                return ActionCode.Done;
            case BuyAsset buy:
                return Trade(buy.AssetName, buy.Quantity, quote, now, quote?.UnitPrice > buy.LimitPrice, buying: true);
            case SellAsset sell:
                return Trade(sell.AssetName, sell.Quantity, quote, now, quote?.UnitPrice < sell.LimitPrice, buying: false);
            default:
                throw new ArgumentOutOfRangeException(nameof(action));
        }
    }

    private ActionCode Trade(string asset, long quantity, Quote? quote, DateTimeOffset now, bool beyondLimit, bool buying)
    {
        if (quote is null) return ActionCode.AssetUnknown;
        if (!quote.Tradable) return ActionCode.AssetNotTradable;
        if (quote.Halted) return ActionCode.MarketHalted;
        if (quote.ValidUntil <= now) return ActionCode.QuoteExpired;
        if (beyondLimit) return ActionCode.PriceBeyondLimit;
        if (quantity > quote.MaxOrderQuantity) return ActionCode.QuantityAboveMarketLimit;

        // In ten-thousandths of a cent, so that all is whole.
        var worth = quantity * (BigInteger)(quote.UnitPrice * Million);
        var cents = worth / 10_000;
        var held = Units.GetValueOrDefault(asset);
        if (buying)
        {
            if (worth % 10_000 != 0) cents++;
            if (cents > Cents) return ActionCode.CashShort;
            Cents -= cents;
            Units[asset] = held + quantity;
            return ActionCode.Done;
        }

        if (quantity > held) return ActionCode.HoldingShort;
        Cents += cents;
        Units[asset] = held - quantity;
        if (held == quantity) Units.Remove(asset);
        return ActionCode.Done;
    }
}
