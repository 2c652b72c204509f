using Banking.Events;
using Banking.Waiting;

namespace Banking.Accounts;

/// <summary>
/// Publishes one account's durable events, in order: a batch is not sent before the log has confirmed the one before it, and what
/// failed is sent again before anything later. Belongs to one grain and runs on its scheduler.
/// </summary>
/// <param name="publish">Completes when the events are in the log; a failure means that they may or may not be there.</param>
/// <param name="busy">Counts this outbox while it publishes.</param>
internal sealed class Outbox(
    long publishedThrough,
    Func<EventPartition?, IReadOnlyList<GameEvent>, Task> publish,
    AccountOptions options,
    TimeProvider time,
    BusyOutboxes? busy = null)
{
    private GameEvent[] _events = [];
    private EventPartition? _partition;
    private bool _failed;
    private bool _isLogAway;
    private bool _stopped;
    private Task _publishing = Task.CompletedTask;
    private readonly ChangeSignal _progress = new();

    /// <summary>The log has every event up to this sequence number.</summary>
    public long PublishedThrough { get; private set; } = publishedThrough;

    /// <summary>Hands over the durable outbox, whose first events may be published already, and starts publishing the rest.</summary>
    /// <param name="partition">Where they go. It may change only if the log has confirmed everything that was offered before.</param>
    public void Offer(GameEvent[] events, EventPartition? partition)
    {
        _events = events;
        _partition = partition;
        if (!_stopped && _publishing.IsCompleted && CountUnpublished(_events) > 0) _publishing = PublishAllAsync();
    }

    /// <summary>How many of the events the log has not confirmed. The events are in the order of their sequence numbers.</summary>
    public int CountUnpublished(GameEvent[] events) =>
        events.Length == 0 ? 0 : (int)Math.Clamp(events[^1].SequenceNumber!.Value - PublishedThrough, 0, events.Length);

    /// <summary>The events that the log has not confirmed.</summary>
    public GameEvent[] Unpublished(GameEvent[] events) =>
        CountUnpublished(events) is var count && count == events.Length ? events : events[^count..];

    /// <summary>Completes when every event up to a sequence number, which must have been offered, is in the log.</summary>
    /// <exception cref="AccountReloadException">The outbox was stopped, or its record failed, before that.</exception>
    public async Task WaitForAsync(long sequenceNumber, CancellationToken cancellationToken = default)
    {
        while (PublishedThrough < sequenceNumber)
        {
            if (_stopped || _failed)
            {
                throw new AccountReloadException("The account is being loaded elsewhere, which publishes the rest of its events.");
            }
            await _progress.Next.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Fails the callers that wait, and goes on publishing what was offered: that is durable, and storage may go back to an older state
    /// before anybody reads it again.
    /// </summary>
    public void Fail()
    {
        _failed = true;
        _progress.Fire();
    }

    /// <summary>
    /// Completes when everything offered has been published, or when the outbox was stopped or the log takes nothing; then the next
    /// activation publishes the rest.
    /// </summary>
    public async Task WaitForRestAsync(CancellationToken cancellationToken)
    {
        while (!_publishing.IsCompleted && !_isLogAway) await Task.WhenAny(_publishing, _progress.Next).WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Stops publishing: another activation may take over, and it begins with what storage has. Fails the callers that wait.
    /// </summary>
    public void Stop()
    {
        _stopped = true;
        _progress.Fire();
    }

    // Nothing may be awaited after the loop: an offer made in that time would find publishing under way, and its events would wait for the
    // next offer.
    private async Task PublishAllAsync()
    {
        busy?.Begin();
        try
        {
            var (backoff, failures) = (new Backoff(options.PublishBackoff, options.MaxPublishBackoff), 0);
            while (!_stopped && Unpublished(_events) is { Length: > 0 } batch)
            {
                try
                {
                    await publish(_partition, batch);
                }
                catch (Exception)
                {
                    // The log is unavailable, which the streams count and report. Players go on until the outbox is full; the events wait
                    // here and in storage.
                    _isLogAway = true;
                    _progress.Fire();
                    await Task.Delay(backoff.After(++failures), time);
                    continue;
                }

                failures = 0;
                _isLogAway = false;
                PublishedThrough = batch[^1].SequenceNumber!.Value;
                _progress.Fire();
            }
        }
        finally
        {
            busy?.End();
        }
    }
}

/// <summary>
/// One account's way to the log: which partition its events go to, by <see cref="PartitionRules"/>. Belongs to one grain and runs on its
/// scheduler.
/// </summary>
internal sealed class EventRoute(string accountId, EventStreams streams, PartitionSettling settling, TimeProvider time)
{
    // The gate's version when the account was loaded: once storage has been changed since then, this route publishes nothing more.
    private readonly int _gate = streams.GateVersion;
    private EventPartition? _own;

    // What an activation finds confirmed was confirmed before it began.
    private long _confirmedAt = time.GetTimestamp();

    /// <summary>Counts the silo's accounts that are publishing.</summary>
    public BusyOutboxes Busy => streams.Busy;

    private EventPartition? Own => _own ??= streams.GateVersion == _gate ? streams.PartitionOf(accountId) : null;

    /// <summary>
    /// Gives a state the partition for what it publishes next. While the log is not open the state stays as it is, even if it has no
    /// partition.
    /// </summary>
    /// <param name="state">A state whose outbox is without events that the log has confirmed.</param>
    public AccountState Choose(AccountState state)
    {
        var (current, own) = (state.Partition, Own);
        if (own is null || current == own) return state;
        var next = PartitionRules.Next(current, own, WantsToMove(current) && state.Outbox.Length == 0 && IsSettled(current!));
        return next == current ? state : state with { Partition = From(next!, state) };
    }

    /// <summary>Whether events may be published to a partition that the account's record names.</summary>
    public bool IsOpen(EventPartition? partition) => PartitionRules.IsOfThisLog(partition, Own);

    /// <summary>Whether this activation may publish what is durable, even when it can do nothing else any more.</summary>
    public bool MayStillPublish => _own is not null && streams.MayStillPublish(_gate);

    /// <summary>Throws for callers that can't go on without the log.</summary>
    /// <exception cref="InvalidOperationException">The log is not open yet.</exception>
    public void RequireOpen()
    {
        if (_own is null && streams.GateVersion != _gate) throw new InvalidOperationException("The account has to be loaded again.");
        _own ??= streams.RequirePartitionOf(accountId);
    }

    /// <summary>Completes when the log has the events. A failure means that it may or may not have them.</summary>
    public async Task PublishAsync(EventPartition partition, IReadOnlyList<GameEvent> events)
    {
        if (!streams.MayStillPublish(_gate)) throw new InvalidOperationException("The account has to be loaded again.");
        if (partition.FirstNumber > 1) events = [.. events.Select(happened => happened with { FirstNumber = partition.FirstNumber })];
        await streams.PublishAsync(partition.Number, events);
        _confirmedAt = time.GetTimestamp();

        // Asked now, so that the answer is known when the account's next action comes.
        if (WantsToMove(partition)) IsSettled(partition);
    }

    // The account's next event, or the first of those that wait, is its first event in that partition.
    private static EventPartition From(EventPartition next, AccountState state)
    {
        var first = state.Outbox is [{ SequenceNumber: { } waiting }, ..] ? waiting : state.SequenceNumber + 1;
        return next.FirstNumber == first ? next : next with { FirstNumber = first };
    }

    private bool WantsToMove(EventPartition? current) => current != _own && PartitionRules.WantsToMove(current, _own, streams.HasGrown);

    private bool IsSettled(EventPartition partition) => settling.IsSettled(partition.Number, _confirmedAt);
}
