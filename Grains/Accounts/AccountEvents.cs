using System.Globalization;
using Banking.Events;
using Banking.Markets;

namespace Banking.Accounts;

/// <summary>An account's events: how they are made, and how a state follows from them.</summary>
public static class AccountEvents
{
    /// <summary>The event of an action that was decided to happen.</summary>
    public static GameEvent Of(
        AccountState state, string accountId, AccountAction action, Posting posting, Quote? quote, DateTimeOffset now)
    {
        var sequence = state.SequenceNumber + 1;
        var (type, description, quantity) = action switch
        {
            OpenAccount => (EventTypes.OpenAccount, accountId, (long?)null),
            DeleteAccount => (EventTypes.DeleteAccount, accountId, null),
            Deposit a => (EventTypes.MakeDeposit, $"{accountId} {MoneyText(a.Amount)}", null),
            Withdraw a => (EventTypes.MakeWithdrawal, $"{accountId} {MoneyText(a.Amount)}", null),
            BuyAsset a => (EventTypes.BuyAsset, string.Create(CultureInfo.InvariantCulture, $"{a.AssetName} {a.Quantity}"), a.Quantity),
            SellAsset a => (EventTypes.SellAsset, string.Create(CultureInfo.InvariantCulture, $"{a.AssetName} {a.Quantity}"), a.Quantity),
            _ => throw new ArgumentOutOfRangeException(nameof(action), action, null),
        };
        var trade = quantity is not null;
        return new GameEvent
        {
            EventType = type,
            Description = description,
            Origin = Origins.Cut(action.Origin),
            EventId = string.Create(CultureInfo.InvariantCulture, $"account/{accountId}/{sequence}"),
            AccountId = accountId,
            SequenceNumber = sequence,
            ActionId = action.ActionId,
            OccurredAt = now,
            AssetName = trade ? quote!.AssetName : null,
            AssetType = trade ? quote!.AssetType : null,
            Quantity = quantity,
            UnitPrice = trade ? posting.UnitPrice : null,
            Amount = action is OpenAccount ? null : posting.Amount,
            CashBalance = state.Cash + posting.CashChange,
            Holder = (action as OpenAccount)?.FullName,
        };
    }

    /// <summary>
    /// The state after an event. Events of earlier builds, and those that come from the lake, do not have the holder's name: it is unknown
    /// then.
    /// </summary>
    public static AccountState Fold(AccountState state, GameEvent happened)
    {
        var amount = happened.Amount.GetValueOrDefault();
        var number = happened.SequenceNumber!.Value;
        var changedAt = amount == 0 ? state.CashChangedAt : happened.OccurredAt;

        // One copy of the state for each event, as every action pays for it.
        return happened.EventType switch
        {
            EventTypes.OpenAccount => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                IsOpen = true,
                FullName = happened.Holder ?? "",
            },
            EventTypes.DeleteAccount => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                IsOpen = false,
                FullName = "",
                Cash = 0,
                Positions = [],
                PaidOut = state.PaidOut + amount,
            },
            EventTypes.MakeDeposit => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                Cash = state.Cash + amount,
                PaidIn = state.PaidIn + amount,
            },
            EventTypes.MakeWithdrawal => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                Cash = state.Cash - amount,
                PaidOut = state.PaidOut + amount,
            },
            EventTypes.BuyAsset => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                Cash = state.Cash - amount,
                Spent = state.Spent + amount,
                Positions = Bought(state.Positions, happened),
            },
            EventTypes.SellAsset => state with
            {
                SequenceNumber = number,
                CashChangedAt = changedAt,
                Cash = state.Cash + amount,
                Earned = state.Earned + amount,
                Positions = Sold(state.Positions, happened),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened.EventType, "Not an event of an account."),
        };
    }

    /// <summary>Money as the old pipeline wrote it: at least one digit after the point (200.0, 12.5, 0.01).</summary>
    public static string MoneyText(decimal amount) => amount.ToString("0.0#", CultureInfo.InvariantCulture);

    private static Position[] Bought(Position[] positions, GameEvent buy)
    {
        var at = IndexOf(positions, buy.AssetName!);
        if (at < 0)
        {
            return [.. positions, new Position(buy.AssetName!, buy.AssetType!, buy.Quantity!.Value, buy.Amount!.Value, buy.OccurredAt)];
        }
        var held = positions[at];
        return Replace(positions, at, held with
        {
            Quantity = held.Quantity + buy.Quantity!.Value,
            Cost = held.Cost + buy.Amount!.Value,
            ChangedAt = buy.OccurredAt,
        });
    }

    private static Position[] Sold(Position[] positions, GameEvent sale)
    {
        var at = IndexOf(positions, sale.AssetName!);
        var held = positions[at];
        var left = held.Quantity - sale.Quantity!.Value;
        if (left == 0) return [.. positions[..at], .. positions[(at + 1)..]];

        // Divided first: cost times quantity can be more than a decimal holds.
        var cost = decimal.Round(held.Cost * ((decimal)left / held.Quantity), 2);
        return Replace(positions, at, held with { Quantity = left, Cost = cost, ChangedAt = sale.OccurredAt });
    }

    private static int IndexOf(Position[] positions, string assetName) => Array.FindIndex(positions, p => p.AssetName == assetName);

    private static Position[] Replace(Position[] positions, int at, Position position)
    {
        var copy = (Position[])positions.Clone();
        copy[at] = position;
        return copy;
    }
}
