using Banking.Storage.GroupCommit;

namespace Banking.Storage.Tests.GroupCommit;

public sealed class WriteQueueTests
{
    private readonly WriteQueue _queue = new(capacity: 5, maxRows: 3, maxBytes: 100);
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
    public void Take_WhenARowWaitsTwice_LeavesItsSecondWriteAndThoseBehindIt()
    {
        foreach (var row in new[] { "a", "b", "a", "c" }) _queue.TryAdd(Write(1, row));

        Assert.True(_queue.Take(_batch));

        Assert.Equal(["a", "b"], _batch.Select(write => write.Row.StateName));
        Assert.True(_queue.Take(_batch));
        Assert.Equal(["a", "c"], _batch.Select(write => write.Row.StateName));
    }

    private GrainWrite Write(int size) => Write(size, $"row {_next++}");

    private static GrainWrite Write(int size, string row) =>
        new(new GrainRow(row, default), 0, new byte[size], isPending: false, writtenAt: 0);
}
