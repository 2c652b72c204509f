using Banking.Accounts;

namespace Banking.Client.Banks;

/// <summary>
/// The bank's answer to an action; see <see cref="ActionResult"/>. A refusal over HTTP does not tell the balance: its money fields are 0.
/// </summary>
internal readonly record struct BankAnswer(
    ActionCode Code, long SequenceNumber, decimal Amount, decimal CashBalance, decimal UnitPrice, bool Replayed)
{
    public bool IsDone => Code == ActionCode.Done;

    /// <summary>Whether the action did not run and may be tried again with the same id.</summary>
    public bool IsForNow => Code is ActionCode.TooManyUnpublishedEvents or ActionCode.QuoteExpired;

    /// <summary>
    /// Whether the bank remembers this outcome and gives it again to the same id. An account that was never opened remembers nothing.
    /// </summary>
    public bool IsRemembered => Code == ActionCode.Done
        || Code is > ActionCode.AccountUnknown and <= ActionCode.NameMismatch
        || Code is >= ActionCode.NoCash and <= ActionCode.BalanceOutOfRange;
}
