using Banking.Events;

namespace Banking.Accounts;

/// <summary>
/// One account's way to the log: which partition its events go to, by <see cref="PartitionRules"/>. Belongs to one grain and runs on its
/// scheduler.
/// </summary>
internal sealed class EventRoute(string accountId, EventStreams streams, PartitionSettling settling, TimeProvider time)
{
    // Of the gate when the account was loaded: what has changed storage since makes this route publish nothing more.
    private readonly int _gate = streams.GateVersion;
    private EventPartition? _own;

    // What an activation finds confirmed was confirmed before it began.
    private long _confirmedAt = time.GetTimestamp();

    /// <summary>Counts the silo's accounts that are publishing.</summary>
    public BusyOutboxes Busy => streams.Busy;

    private EventPartition? Own => _own ??= streams.GateVersion == _gate ? streams.PartitionOf(accountId) : null;

    /// <summary>
    /// Gives a state the partition of what it publishes next. While the log is not open it stays as it is, also without one.
    /// </summary>
    /// <param name="state">Its outbox without events that the log has confirmed.</param>
    public AccountState Choose(AccountState state)
    {
        var (current, own) = (state.Partition, Own);
        if (own is null || current == own) return state;
        var next = PartitionRules.Next(current, own, WantsToMove(current) && state.Outbox.Length == 0 && IsSettled(current!));
        return next == current ? state : state with { Partition = From(next!, state) };
    }

    /// <summary>Whether events may be published to a partition that stands in the account's record.</summary>
    public bool IsOpen(EventPartition? partition) => PartitionRules.IsOfThisLog(partition, Own);

    /// <summary>Whether what is durable may be published by this activation, also when it can do nothing else any more.</summary>
    public bool MayStillPublish => _own is not null && streams.MayStillPublish(_gate);

    /// <summary>For whoever can't go on without the log.</summary>
    /// <exception cref="InvalidOperationException">The log is not open yet.</exception>
    public void RequireOpen()
    {
        if (_own is null && streams.GateVersion != _gate) throw new InvalidOperationException("The account has to be loaded again.");
        _own ??= streams.RequirePartitionOf(accountId);
    }

    /// <summary>Completes when the log has the events. A failure means that it may have them or not.</summary>
    public async Task Publish(EventPartition partition, IReadOnlyList<GameEvent> events)
    {
        if (!streams.MayStillPublish(_gate)) throw new InvalidOperationException("The account has to be loaded again.");
        if (partition.FirstNumber > 1) events = [.. events.Select(happened => happened with { FirstNumber = partition.FirstNumber })];
        await streams.Publish(partition.Number, events);
        _confirmedAt = time.GetTimestamp();

        // Asked now, so that it is known when the account's next action comes.
        if (WantsToMove(partition)) IsSettled(partition);
    }

    // The account's next event, or the first of those that wait, is its first one there.
    private static EventPartition From(EventPartition next, AccountState state)
    {
        var first = state.Outbox is [{ SequenceNumber: { } waiting }, ..] ? waiting : state.SequenceNumber + 1;
        return next.FirstNumber == first ? next : next with { FirstNumber = first };
    }

    private bool WantsToMove(EventPartition? current) => current != _own && PartitionRules.WantsToMove(current, _own, streams.HasGrown);

    private bool IsSettled(EventPartition partition) => settling.IsSettled(partition.Number, _confirmedAt);
}
