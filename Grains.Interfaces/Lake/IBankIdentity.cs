namespace Banking.Lake;

/// <summary>Which bank a silo serves, as its storage says. Thread-safe.</summary>
public interface IBankIdentity
{
    /// <summary>The bank's id: 1 to 32 characters of <c>a-z</c> and <c>0-9</c>; null until storage has been read.</summary>
    string? BankId { get; }

    /// <summary>
    /// Records without the bank's header (<see cref="Events.EventSource"/>) count as the bank's own if their time is not later than this;
    /// null until storage has been read.
    /// </summary>
    DateTimeOffset? UnsignedUntil { get; }
}
