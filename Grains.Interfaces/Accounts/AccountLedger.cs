namespace Banking.Accounts;

/// <summary>
/// An account's books, for auditors: <c>PaidIn = Cash + PaidOut + Spent - Earned</c> always holds. The totals run over the account's whole
/// life, across deletion and reopening. Reading the books is not logged as an event.
/// </summary>
/// <param name="SequenceNumber">The number of the account's last event; 0 before the first.</param>
/// <param name="PaidOut">Withdrawals, and cash paid out by deletions.</param>
/// <param name="Spent">Paid for assets.</param>
/// <param name="Earned">Received for assets.</param>
/// <param name="Unpublished">Events that the log has not yet confirmed.</param>
/// <param name="SetAside">Why the account does nothing until it is repaired; null for a sound one.</param>
[GenerateSerializer, Immutable, Alias("banking.account-ledger")]
public sealed record AccountLedger(
    [property: Id(0)] string AccountId,
    [property: Id(1)] bool IsOpen,
    [property: Id(2)] long SequenceNumber,
    [property: Id(3)] decimal Cash,
    [property: Id(4)] decimal PaidIn,
    [property: Id(5)] decimal PaidOut,
    [property: Id(6)] decimal Spent,
    [property: Id(7)] decimal Earned,
    [property: Id(8)] IReadOnlyDictionary<string, long> Positions,
    [property: Id(9)] int Unpublished,
    [property: Id(10)] string? SetAside = null);
