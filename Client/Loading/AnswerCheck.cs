using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Loading;

/// <summary>Checks an answer against the model, and applies it to the model. No I/O.</summary>
internal static class AnswerCheck
{
    /// <summary>Checks the answer to a new action and applies it.</summary>
    /// <returns>What is wrong with the answer, in which case the model follows the bank as far as possible; null if nothing is.</returns>
    public static string? Apply(AccountModel account, AccountAction action, BankAnswer answer, AssetList assets)
    {
        var expected = Prediction.Of(account, action, assets);
        if (!expected.Contains(answer.Code)) return $"was answered {ActionCodes.NameOf(answer.Code)} instead of {expected}";
        if (!answer.IsDone) return null;

        var sequence = account.SequenceNumber + 1 ?? answer.SequenceNumber;
        var (amount, cash) = Prediction.Fold(account, action, answer, assets);
        account.SequenceNumber = answer.SequenceNumber;
        account.Cash = answer.CashBalance;
        if (answer.SequenceNumber != sequence) return $"has sequence number {answer.SequenceNumber} instead of {sequence}";
        if (answer.Amount != amount) return $"moved {answer.Amount} instead of {amount}";
        if (answer.CashBalance != cash) return $"left {answer.CashBalance} cash instead of {cash}";
        return Prediction.TradedAsset(action, assets) is var index and >= 0 && !assets.IsNear(index, answer.UnitPrice)
            ? $"was settled at {answer.UnitPrice} a unit, far from the market's {assets.PriceOf(index)}"
            : null;
    }

    /// <summary>Checks that an action that was sent again got its first answer again.</summary>
    public static string? Repeat(BankAnswer first, BankAnswer again)
    {
        if (first with { Replayed = true } != again with { Replayed = true })
        {
            return $"was first answered {Describe(first)} and then {Describe(again)}";
        }
        return first.IsDone && !again.Replayed ? "was asked again and not said to be a replay" : null;
    }

    private static string Describe(BankAnswer answer) =>
        $"{ActionCodes.NameOf(answer.Code)} (sequence number {answer.SequenceNumber}, amount {answer.Amount}, cash {answer.CashBalance})";
}
