namespace Banking.Lake;

/// <summary>Which bank a silo serves, as its storage says. Thread-safe.</summary>
public interface IBankIdentity
{
    /// <summary>The bank's id: 1 to 32 characters of <c>a-z</c> and <c>0-9</c>; null while storage was not asked yet.</summary>
    string? BankId { get; }

    /// <summary>
    /// Records without the bank's header (<see cref="Events.EventSource"/>) count as its own up to this time of theirs; null while storage
    /// was not asked yet.
    /// </summary>
    DateTimeOffset? UnsignedUntil { get; }
}
