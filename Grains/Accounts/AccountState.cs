using Banking.Callers;
using Banking.Events;

namespace Banking.Accounts;

/// <summary>
/// Everything an account has, in one record that is written as a whole: holdings, the results of recent actions, and the events not yet
/// known to be in the log. Never changed in place, so that a write under way keeps what it was given.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.account-state")]
public sealed record AccountState
{
    [Id(0)] public bool IsOpen { get; init; }

    [Id(1)] public string FullName { get; init; } = "";

    [Id(2)] public decimal Cash { get; init; }

    [Id(3)] public DateTimeOffset CashChangedAt { get; init; }

    /// <summary>In the order in which they were first bought; none is empty.</summary>
    [Id(4)] public Position[] Positions { get; init; } = [];

    /// <summary>The number of the last event, 0 before the first; it continues across deletion and reopening.</summary>
    [Id(5)] public long SequenceNumber { get; init; }

    [Id(6)] public decimal PaidIn { get; init; }

    [Id(7)] public decimal PaidOut { get; init; }

    [Id(8)] public decimal Spent { get; init; }

    [Id(9)] public decimal Earned { get; init; }

    [Id(10)] public ActionMemory Memory { get; init; } = ActionMemory.Empty;

    /// <summary>Events in the order of their sequence numbers; the first of them may have been published since the last write.</summary>
    [Id(11)] public GameEvent[] Outbox { get; init; } = [];

    /// <summary>
    /// Where the events of the outbox go, and where the account's last events went; null until its first event could be given a partition.
    /// Nothing is published to a partition before storage has it here, so an activation that reads this record after a crash publishes to
    /// the same one again.
    /// </summary>
    [Id(12)] public EventPartition? Partition { get; init; }

    /// <summary>
    /// Whose the account is: who opened it, or was given it. It stays theirs when it is deleted. Null for nobody's: it was opened while the
    /// bank asked nobody who they are, or its owner is not known.
    /// </summary>
    [Id(13)] public CallerId? Owner { get; init; }

    /// <summary>
    /// Why the account does nothing: storage, log and lake contradict each other about it. Null for a sound account. Until the account is
    /// repaired it decides and publishes nothing, so that no number gets a second event.
    /// </summary>
    [Id(20)] public string? SetAside { get; init; }

    public bool WasEverOpened => SequenceNumber > 0;
}

/// <param name="Cost">Paid for the units still held, by average cost.</param>
[GenerateSerializer, Immutable, Alias("banking.position")]
public sealed record Position(
    [property: Id(0)] string AssetName,
    [property: Id(1)] string AssetType,
    [property: Id(2)] long Quantity,
    [property: Id(3)] decimal Cost,
    [property: Id(4)] DateTimeOffset ChangedAt);
