using Banking.Accounts;
using Banking.Events;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Grains.Tests.Accounts;

public sealed class OutboxTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly List<(long[] Sequences, TaskCompletionSource Done)> _sent = [];
    private readonly AccountOptions _options =
        new() { PublishBackoff = TimeSpan.FromMilliseconds(100), MaxPublishBackoff = TimeSpan.FromMilliseconds(300) };
    private readonly Outbox _outbox;

    public OutboxTests() => _outbox = new Outbox(0, Publish, _options, _clock);

    [Fact]
    public async Task Offer_WhenABatchIsUnderWay_ThenTheNextWaitsForIt()
    {
        _outbox.Offer(Events(1, 2), null);
        _outbox.Offer(Events(1, 4), null);
        _outbox.Offer(Events(1, 5), null);
        Assert.Single(_sent);

        _sent[0].Done.SetResult();
        await Eventually.True(() => _sent.Count == 2);

        Assert.Equal([1L, 2L], _sent[0].Sequences);
        Assert.Equal([3L, 4L, 5L], _sent[1].Sequences);
        Assert.Equal(2, _outbox.PublishedThrough);
    }

    [Fact]
    public async Task Offer_WhenABatchFails_ThenItIsSentAgainBeforeAnythingLater()
    {
        _outbox.Offer(Events(1, 2), null);
        _sent[0].Done.SetException(new IOException("log away"));
        await Advanced(100);

        _outbox.Offer(Events(1, 3), null);
        await Eventually.True(() => _sent.Count == 2);
        Assert.Equal([1L, 2L], _sent[1].Sequences);
        Assert.Equal(0, _outbox.PublishedThrough);

        _sent[1].Done.SetResult();
        await Eventually.True(() => _sent.Count == 3);
        Assert.Equal([3L], _sent[2].Sequences);
    }

    [Fact]
    public async Task Offer_WhenItKeepsFailing_ThenThePausesDoubleUpToTheBound()
    {
        _outbox.Offer(Events(1, 1), null);
        foreach (var pause in new[] { 100, 200, 300, 300 })
        {
            var sent = _sent.Count;
            _sent[^1].Done.SetException(new IOException("log away"));
            _clock.Advance(TimeSpan.FromMilliseconds(pause - 1));
            Assert.Equal(sent, _sent.Count);
            await Advanced(1);
        }
    }

    [Fact]
    public async Task Offer_WhenItSucceededAgain_ThenThePausesStartAnew()
    {
        _outbox.Offer(Events(1, 1), null);
        _sent[0].Done.SetException(new IOException("log away"));
        await Advanced(100);
        _sent[1].Done.SetException(new IOException("log away"));
        await Advanced(200);
        _sent[2].Done.SetResult();
        await _outbox.WaitForAsync(1, TestContext.Current.CancellationToken);
        _outbox.Offer(Events(1, 2), null);
        await Eventually.True(() => _sent.Count == 4);

        _sent[3].Done.SetException(new IOException("log away"));
        await Advanced(100);

        Assert.Equal([2L], _sent[4].Sequences);
    }

    [Fact]
    public async Task WaitFor_WhenTheLogHasIt_ThenCompletes()
    {
        _outbox.Offer(Events(1, 2), null);
        var first = _outbox.WaitForAsync(1, TestContext.Current.CancellationToken);
        _outbox.Offer(Events(1, 3), null);
        var third = _outbox.WaitForAsync(3, TestContext.Current.CancellationToken);

        _sent[0].Done.SetResult();
        await first;
        Assert.False(third.IsCompleted);
        await Eventually.True(() => _sent.Count == 2);
        _sent[1].Done.SetResult();
        await third;
    }

    [Fact]
    public async Task WaitFor_WhenCancelled_ThenStopsWaiting()
    {
        using var cancelled = new CancellationTokenSource();
        _outbox.Offer(Events(1, 1), null);
        var wait = _outbox.WaitForAsync(1, cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
    }

    [Fact]
    public async Task Stop_WhenEventsAreLeft_ThenSendsNothingMoreAndFailsWhoeverWaits()
    {
        _outbox.Offer(Events(1, 1), null);
        var wait = _outbox.WaitForAsync(2, TestContext.Current.CancellationToken);
        _outbox.Offer(Events(1, 2), null);

        _outbox.Stop();
        _sent[0].Done.SetResult();

        await Assert.ThrowsAsync<AccountReloadException>(() => wait);
        await Eventually.True(() => _outbox.PublishedThrough == 1);
        _outbox.Offer(Events(1, 3), null);
        Assert.Single(_sent);
    }

    [Fact]
    public async Task Fail_WhenDurableEventsAreLeft_FailsWhoeverWaitsAndSendsThem()
    {
        var busy = new BusyOutboxes();
        var outbox = new Outbox(0, Publish, _options, _clock, busy);
        outbox.Offer(Events(1, 1), null);
        outbox.Offer(Events(1, 2), null);
        var wait = outbox.WaitForAsync(2, TestContext.Current.CancellationToken);

        outbox.Fail();

        await Assert.ThrowsAsync<AccountReloadException>(() => wait);
        var rest = outbox.WaitForRestAsync(TestContext.Current.CancellationToken);
        _sent[0].Done.SetResult();
        await Eventually.True(() => _sent.Count == 2);
        Assert.False(rest.IsCompleted);
        Assert.Equal(1, busy.Count);
        _sent[1].Done.SetResult();
        await rest;
        Assert.Equal([2L], _sent[1].Sequences);
        Assert.Equal(0, busy.Count);
    }

    [Fact]
    public async Task WaitForRest_WhenTheLogTakesNothing_ThenDoesNotWaitForIt()
    {
        var outbox = new Outbox(0, Publish, _options, _clock);
        outbox.Offer(Events(1, 2), null);
        outbox.Fail();
        var rest = outbox.WaitForRestAsync(TestContext.Current.CancellationToken);
        Assert.False(rest.IsCompleted);

        _sent[0].Done.SetException(new IOException("The disk is full."));

        await rest;
        outbox.Stop();
    }

    [Fact]
    public void Unpublished_WhenTheFirstOnesArePublished_ThenTheRest()
    {
        var outbox = new Outbox(3, Publish, _options, _clock);

        Assert.Equal(0, outbox.CountUnpublished([]));
        Assert.Equal(0, outbox.CountUnpublished(Events(1, 3)));
        Assert.Equal([4L, 5L], outbox.Unpublished(Events(2, 5)).Select(e => e.SequenceNumber!.Value));
        var all = Events(4, 6);
        Assert.Same(all, outbox.Unpublished(all));
    }

    [Fact]
    public void Offer_WhenEverythingIsPublished_ThenSendsNothing()
    {
        var outbox = new Outbox(3, Publish, _options, _clock);

        outbox.Offer(Events(1, 3), null);
        outbox.Offer([], null);

        Assert.Empty(_sent);
    }

    // Completions run inline here, so the pause is registered when SetException returns.
    private async Task Advanced(int milliseconds)
    {
        var sent = _sent.Count;
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        await Eventually.True(() => _sent.Count > sent);
    }

    private Task Publish(EventPartition? partition, IReadOnlyList<GameEvent> events)
    {
        var done = new TaskCompletionSource();
        _sent.Add(([.. events.Select(e => e.SequenceNumber!.Value)], done));
        return done.Task;
    }

    private static GameEvent[] Events(int first, int last) =>
    [
        .. Enumerable.Range(first, last - first + 1)
            .Select(n => new GameEvent { EventType = Deposit.EventType, SequenceNumber = n }),
    ];
}
