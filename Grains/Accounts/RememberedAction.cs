namespace Banking.Accounts;

/// <summary>One action and its result.</summary>
public readonly record struct RememberedAction
{
    public ulong IdLow { get; init; }

    public ulong IdHigh { get; init; }

    public ulong Fingerprint { get; init; }

    /// <summary>
    /// The time that the id carried, in Unix milliseconds. It is 0 if the id carried none, or one so far ahead that, once forgotten, it
    /// would make the account refuse everybody whose clock is right.
    /// </summary>
    public long IssuedAt { get; init; }

    public ActionCode Code { get; init; }

    public long SequenceNumber { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long DecidedAt { get; init; }

    public decimal Amount { get; init; }

    public decimal CashBalance { get; init; }

    public decimal UnitPrice { get; init; }

    public static RememberedAction From(in ActionIdentity identity, ActionResult result) => new()
    {
        IdLow = identity.IdLow,
        IdHigh = identity.IdHigh,
        Fingerprint = identity.Fingerprint,
        IssuedAt = identity.TimeAsOf(result.OccurredAt),
        Code = result.Code,
        SequenceNumber = result.SequenceNumber,
        DecidedAt = result.OccurredAt.ToUnixTimeMilliseconds(),
        Amount = result.Amount,
        CashBalance = result.CashBalance,
        UnitPrice = result.UnitPrice,
    };

    public ActionResult Replay() => new()
    {
        Code = Code,
        SequenceNumber = SequenceNumber,
        OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(DecidedAt),
        Amount = Amount,
        CashBalance = CashBalance,
        UnitPrice = UnitPrice,
        Replayed = true,
    };
}
