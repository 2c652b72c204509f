using Banking.Storage.GroupCommit;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Storage.Tests.GroupCommit;

public sealed class WriteQueueTests
{
    private readonly WriteQueue _queue = new(capacity: 5, maxRows: 3, maxBytes: 100, TimeProvider.System);
    private readonly List<GrainWrite> _batch = [];
    private int _next;

    [Fact]
    public void Take_WhenBytesExceedTheBound_LeavesTheRest()
    {
        foreach (var size in new[] { 60, 40, 1 }) _queue.TryAdd(Write(size));

        Assert.True(_queue.Take(_batch));

        Assert.Equal([60, 40], _batch.Select(write => write.Bytes));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void Take_WhenOneWriteExceedsTheBound_TakesItAlone()
    {
        foreach (var size in new[] { 1000, 1 }) _queue.TryAdd(Write(size));

        Assert.True(_queue.Take(_batch));

        Assert.Equal([1000], _batch.Select(write => write.Bytes));
    }

    [Fact]
    public void Take_WhenClosedWithWritesWaiting_GivesThemAndThenEnds()
    {
        _queue.TryAdd(Write(1));
        _queue.Close();

        Assert.True(_queue.Take(_batch));
        Assert.Single(_batch);
        Assert.False(_queue.Take(_batch));
        Assert.Empty(_batch);
    }

    [Fact]
    public void TryAdd_WhenFull_RefusesUntilThereIsRoom()
    {
        for (var i = 0; i < 5; i++) Assert.Equal(Enqueued.Yes, _queue.TryAdd(Write(1)));

        Assert.Equal(Enqueued.Full, _queue.TryAdd(Write(1)));

        _queue.Take(_batch);
        Assert.Equal(Enqueued.Yes, _queue.TryAdd(Write(1)));
    }

    [Fact]
    public void TryAdd_WhenClosed_Refuses()
    {
        _queue.Close();

        Assert.Equal(Enqueued.Closed, _queue.TryAdd(Write(1)));
    }

    [Fact]
    public void Take_WhenARowWaitsTwice_LeavesItsSecondWriteForTheNextBatchAndTakesOthersFirst()
    {
        foreach (var row in new[] { "a", "b", "a", "c", "d" }) _queue.TryAdd(Write(1, row));

        Assert.True(_queue.Take(_batch));

        Assert.Equal(["a", "b", "c"], _batch.Select(write => write.Row.StateName));
        Assert.Equal(2, _queue.Count);
        Assert.True(_queue.Take(_batch));
        Assert.Equal(["a", "d"], _batch.Select(write => write.Row.StateName));
    }

    [Fact]
    public void Take_WhenARowIsInABatchThatHangs_GivesTheWritesOfOthersToAnotherTaker()
    {
        foreach (var row in new[] { "a", "a", "b", "a" }) _queue.TryAdd(Write(1, row));
        _queue.Take(_batch);
        var hanging = _batch.ToArray();
        _queue.TryAdd(Write(1, "c"));
        List<GrainWrite> other = [];

        Assert.Equal(["a", "b"], hanging.Select(write => write.Row.StateName));
        Assert.True(_queue.Take(other));

        Assert.Equal(["c"], other.Select(write => write.Row.StateName));
    }

    [Fact]
    public async Task Take_WhenALoneWriteComesWhileALargerBatchHangs_GivesItToTheIdleTaker()
    {
        var time = new FakeTimeProvider();
        var queue = new WriteQueue(capacity: 5, maxRows: 3, maxBytes: 100, time);
        foreach (var row in new[] { "a", "b", "c" }) queue.TryAdd(Write(1, row));
        queue.Take(_batch);
        List<GrainWrite> other = [];
        var idle = Task.Factory.StartNew(
            () => queue.Take(other), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        queue.TryAdd(Write(1, "lone"));

        // Not before the batch counts as one that hangs; nothing but the time tells.
        time.Advance(TimeSpan.FromMilliseconds(11));

        Assert.True(await idle.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        Assert.Equal(["lone"], other.Select(write => write.Row.StateName));
    }

    private GrainWrite Write(int size) => Write(size, $"row {_next++}");

    private static GrainWrite Write(int size, string row) =>
        new(new GrainRow(row, default), 0, new byte[size], isPending: false, writtenAt: 0);
}
