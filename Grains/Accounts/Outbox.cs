using Banking.Events;

namespace Banking.Accounts;

/// <summary>
/// Publishes one account's durable events, in order: a batch is not sent before the log has confirmed the one before it, and what
/// failed is sent again before anything later. Belongs to one grain and runs on its scheduler.
/// </summary>
/// <param name="publish">Completes when the events are in the log; a failure means that they may be or not.</param>
/// <param name="busy">Counts it while it publishes.</param>
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
    private TaskCompletionSource _progress = NewProgress();

    /// <summary>The log has every event up to this sequence number.</summary>
    public long PublishedThrough { get; private set; } = publishedThrough;

    /// <summary>Hands over the durable outbox, whose first events may be published already, and starts publishing the rest.</summary>
    /// <param name="partition">Where they go. Another one than before only if the log has confirmed everything that was offered
    /// before.</param>
    public void Offer(GameEvent[] events, EventPartition? partition)
    {
        _events = events;
        _partition = partition;
        if (!_stopped && _publishing.IsCompleted && CountUnpublished(_events) > 0) _publishing = PublishAll();
    }

    /// <summary>How many of the events, in the order of their sequence numbers, the log has not confirmed.</summary>
    public int CountUnpublished(GameEvent[] events) =>
        events.Length == 0 ? 0 : (int)Math.Clamp(events[^1].SequenceNumber!.Value - PublishedThrough, 0, events.Length);

    /// <summary>The events that the log has not confirmed.</summary>
    public GameEvent[] Unpublished(GameEvent[] events) =>
        CountUnpublished(events) is var count && count == events.Length ? events : events[^count..];

    /// <summary>Completes when every event up to a sequence number, which must have been offered, is in the log.</summary>
    /// <exception cref="AccountReloadException">The outbox was stopped, or its record failed, before that.</exception>
    public async Task WaitFor(long sequenceNumber, CancellationToken cancellationToken = default)
    {
        while (PublishedThrough < sequenceNumber)
        {
            if (_stopped || _failed)
            {
                throw new AccountReloadException("The account is being loaded elsewhere, which publishes the rest of its events.");
            }
            await _progress.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>
    /// Fails whoever waits, and goes on publishing what it was offered: it is durable, and storage may go back before anybody reads it
    /// again.
    /// </summary>
    public void Fail()
    {
        _failed = true;
        Progress();
    }

    /// <summary>
    /// Completes when there is nothing left to publish of what it was offered, or it was stopped, or the log takes nothing: then the next
    /// activation publishes it.
    /// </summary>
    public async Task WaitForRest(CancellationToken cancellationToken)
    {
        while (!_publishing.IsCompleted && !_isLogAway) await Task.WhenAny(_publishing, _progress.Task).WaitAsync(cancellationToken);
    }

    /// <summary>Publishes nothing more: another activation may take over, and begins with what storage has. Fails whoever waits.</summary>
    public void Stop()
    {
        _stopped = true;
        Progress();
    }

    private static TaskCompletionSource NewProgress() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Nothing is awaited behind the loop: an offer that came then would find it under way, and its events would wait for the next one.
    private async Task PublishAll()
    {
        busy?.Begin();
        try
        {
            var backoff = options.PublishBackoff;
            while (!_stopped && Unpublished(_events) is { Length: > 0 } batch)
            {
                try
                {
                    await publish(_partition, batch);
                }
                catch (Exception)
                {
                    // The log is away, which the streams count and say. Players go on until the outbox is full; the events wait here and
                    // in storage.
                    _isLogAway = true;
                    Progress();
                    await Task.Delay(backoff, time);
                    backoff = backoff * 2 < options.MaxPublishBackoff ? backoff * 2 : options.MaxPublishBackoff;
                    continue;
                }

                backoff = options.PublishBackoff;
                _isLogAway = false;
                PublishedThrough = batch[^1].SequenceNumber!.Value;
                Progress();
            }
        }
        finally
        {
            busy?.End();
        }
    }

    private void Progress()
    {
        var progress = _progress;
        _progress = NewProgress();
        progress.SetResult();
    }
}
