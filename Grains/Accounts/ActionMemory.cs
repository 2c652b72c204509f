namespace Banking.Accounts;

/// <summary>
/// The results of an account's most recent actions. Ids that carry their time (UUIDv7) are covered for ever: what is older than the newest
/// forgotten one is refused, because it may have run.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.action-memory")]
public sealed record ActionMemory
{
    public static readonly ActionMemory Empty = new();

    /// <summary>Oldest first.</summary>
    [Id(0)] public RememberedAction[] Actions { get; init; } = [];

    /// <summary>The newest time, in Unix milliseconds, that a forgotten id carried; 0 if none did.</summary>
    [Id(1)] public long ForgottenUpTo { get; init; }

    /// <summary>The remembered action with this id, if there is one.</summary>
    public bool TryFind(in ActionIdentity identity, out RememberedAction found)
    {
        for (var i = Actions.Length - 1; i >= 0; i--)
        {
            if (Actions[i].IdLow == identity.IdLow && Actions[i].IdHigh == identity.IdHigh)
            {
                found = Actions[i];
                return true;
            }
        }

        found = default;
        return false;
    }

    public bool MayHaveForgotten(in ActionIdentity identity) => identity.IssuedAt > 0 && identity.IssuedAt <= ForgottenUpTo;

    /// <summary>Adds an action and drops the oldest ones: those above <paramref name="capacity"/>, and those decided before <paramref name="oldest"/>.</summary>
    public ActionMemory Add(in RememberedAction action, int capacity, DateTimeOffset oldest)
    {
        var drop = Math.Max(0, Actions.Length + 1 - capacity);
        while (drop < Actions.Length && Actions[drop].DecidedAt < oldest.ToUnixTimeMilliseconds()) drop++;
        var forgotten = ForgottenUpTo;
        for (var i = 0; i < drop; i++) forgotten = Math.Max(forgotten, Actions[i].IssuedAt);
        var kept = new RememberedAction[Actions.Length - drop + 1];
        Array.Copy(Actions, drop, kept, 0, kept.Length - 1);
        kept[^1] = action;
        return new ActionMemory { Actions = kept, ForgottenUpTo = forgotten };
    }
}

/// <summary>One action and its result, small because it is written with every action that follows.</summary>
[GenerateSerializer, Immutable, Alias("banking.remembered-action")]
public readonly record struct RememberedAction
{
    /// <summary>How far, in milliseconds, a client's clock may be ahead of the account's for the time in its ids to count.</summary>
    private const long MaxClockLead = 60_000;

    [Id(0)] public ulong IdLow { get; init; }

    [Id(1)] public ulong IdHigh { get; init; }

    [Id(2)] public ulong Fingerprint { get; init; }

    /// <summary>
    /// The time that the id carried, Unix milliseconds; 0 if it carried none, or one so far ahead that, once forgotten, it would have the account refuse
    /// everybody whose clock is right.
    /// </summary>
    [Id(3)] public long IssuedAt { get; init; }

    [Id(4)] public ActionCode Code { get; init; }

    [Id(5)] public long SequenceNumber { get; init; }

    [Id(6)] public long DecidedAt { get; init; }

    [Id(7)] public decimal Amount { get; init; }

    [Id(8)] public decimal CashBalance { get; init; }

    [Id(9)] public decimal UnitPrice { get; init; }

    public static RememberedAction From(in ActionIdentity identity, ActionResult result) => new()
    {
        IdLow = identity.IdLow,
        IdHigh = identity.IdHigh,
        Fingerprint = identity.Fingerprint,
        IssuedAt = identity.IssuedAt <= result.OccurredAt.ToUnixTimeMilliseconds() + MaxClockLead ? identity.IssuedAt : 0,
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
