namespace Banking.Accounts;

/// <summary>
/// The outcome of an action: durable before it is given, and given again to a retry. Some refusals are not remembered, so that the same id
/// may be sent again: those for what is wrong with the action itself, those by an account that was never opened (it leaves no trace), and
/// those that only ask the caller to wait.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.action-result")]
public sealed record ActionResult
{
    [Id(0)] public required ActionCode Code { get; init; }

    /// <summary>The account's sequence number of the event; 0 for a refusal.</summary>
    [Id(1)] public long SequenceNumber { get; init; }

    /// <summary>When the account decided, UTC.</summary>
    [Id(2)] public DateTimeOffset OccurredAt { get; init; }

    /// <summary>Money moved; 0 for a refusal.</summary>
    [Id(3)] public decimal Amount { get; init; }

    /// <summary>Cash after the action.</summary>
    [Id(4)] public decimal CashBalance { get; init; }

    /// <summary>The price a trade was settled at; 0 for anything else.</summary>
    [Id(5)] public decimal UnitPrice { get; init; }

    /// <summary>True if the action had been performed before: this is its first result.</summary>
    [Id(6)] public bool Replayed { get; init; }

    public bool IsDone => Code == ActionCode.Done;
}
