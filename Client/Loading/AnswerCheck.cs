using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>Holds an answer against the model, and takes it over into the model. No I/O.</summary>
internal static class AnswerCheck
{
    /// <summary>Checks the answer to a new action and applies it.</summary>
    /// <returns>Null, or what is wrong with the answer; the model then follows the bank's word as far as it goes.</returns>
    public static string? Apply(AccountModel account, AccountAction action, BankAnswer answer, AssetList assets)
    {
        var expected = Prediction.Of(account, action, assets);
        if (!expected.Contains(answer.Code)) return $"was answered {ActionCodes.NameOf(answer.Code)} instead of {expected}";
        if (!answer.IsDone) return null;

        var sequence = account.SequenceNumber + 1 ?? answer.SequenceNumber;
        var (amount, cash) = Fold(account, action, answer, assets);
        account.SequenceNumber = answer.SequenceNumber;
        account.Cash = answer.CashBalance;
        if (answer.SequenceNumber != sequence) return $"has sequence number {answer.SequenceNumber} instead of {sequence}";
        if (answer.Amount != amount) return $"moved {answer.Amount} instead of {amount}";
        if (answer.CashBalance != cash) return $"left {answer.CashBalance} cash instead of {cash}";
        return TradedAsset(action, assets) is var index and >= 0 && !assets.IsNear(index, answer.UnitPrice)
            ? $"was settled at {answer.UnitPrice} a unit, far from the market's {assets.PriceOf(index)}"
            : null;
    }

    /// <summary>Checks that an action asked again was given its first answer again.</summary>
    public static string? Repeat(BankAnswer first, BankAnswer again)
    {
        if (first with { Replayed = true } != again with { Replayed = true })
        {
            return $"was first answered {Describe(first)} and then {Describe(again)}";
        }
        return first.IsDone && !again.Replayed ? "was asked again and not said to be a replay" : null;
    }

    private static (decimal Amount, decimal Cash) Fold(AccountModel account, AccountAction action, BankAnswer answer, AssetList assets)
    {
        switch (action)
        {
            case OpenAccount open:
                account.State = AccountState.Open;
                account.FullName = open.FullName;
                return (0, 0);
            case DeleteAccount:
                account.State = AccountState.Closed;
                Array.Clear(account.Positions);
                return (account.Cash, 0);
            case Deposit deposit:
                return (deposit.Amount, account.Cash + deposit.Amount);
            case Withdraw withdraw:
                return (withdraw.Amount, account.Cash - withdraw.Amount);
            case BuyAsset buy:
                account.Positions[assets.IndexOf(buy.AssetName)] += buy.Quantity;
                var cost = decimal.Round(answer.UnitPrice * buy.Quantity, 2, MidpointRounding.ToPositiveInfinity);
                return (cost, account.Cash - cost);
            case SellAsset sell:
                account.Positions[assets.IndexOf(sell.AssetName)] -= sell.Quantity;
                var proceeds = decimal.Round(answer.UnitPrice * sell.Quantity, 2, MidpointRounding.ToNegativeInfinity);
                return (proceeds, account.Cash + proceeds);
            default:
                throw new ArgumentOutOfRangeException(nameof(action), action, "The model has no such action.");
        }
    }

    private static int TradedAsset(AccountAction action, AssetList assets) => action switch
    {
        BuyAsset buy => assets.IndexOf(buy.AssetName),
        SellAsset sell => assets.IndexOf(sell.AssetName),
        _ => -1,
    };

    private static string Describe(BankAnswer answer) =>
        $"{ActionCodes.NameOf(answer.Code)} (sequence number {answer.SequenceNumber}, amount {answer.Amount}, cash {answer.CashBalance})";
}
