using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class CoalescedWritesTests
{
    private readonly List<(int State, TaskCompletionSource Written)> _started = [];
    private readonly CoalescedWrites<int> _writes;

    public CoalescedWritesTests() => _writes = new CoalescedWrites<int>(0, Write);

    [Fact]
    public void Flush_WhenNothingChanged_ThenDoneWithoutAWrite()
    {
        Assert.True(_writes.FlushAsync().IsCompletedSuccessfully);
        Assert.Empty(_started);
    }

    [Fact]
    public async Task Flush_WhenChanged_ThenWaitsUntilItIsDurable()
    {
        _writes.Change(1);
        var flush = _writes.FlushAsync();
        await Eventually.True(() => _started.Count == 1);
        Assert.False(flush.IsCompleted);
        Assert.Equal((0, 1), (_writes.Durable, _writes.Newest));

        _started[0].Written.SetResult();

        await flush;
        Assert.Equal(1, _writes.Durable);
    }

    [Fact]
    public async Task Flush_WhenManyChangesComeDuringAWrite_ThenOneNextWriteHasThemAll()
    {
        var first = await StartWrite(1);
        var flushes = new List<Task>();
        for (var state = 2; state <= 100; state++)
        {
            _writes.Change(state);
            flushes.Add(_writes.FlushAsync());
        }

        first.SetResult();
        await Eventually.True(() => _started.Count == 2);
        Assert.DoesNotContain(flushes, f => f.IsCompleted);
        _started[1].Written.SetResult();
        await Task.WhenAll(flushes);

        Assert.Equal([1, 100], _started.Select(s => s.State));
        Assert.Equal(100, _writes.Durable);
    }

    [Fact]
    public async Task Flush_WhenTheWriteUnderWayHasEverything_ThenWaitsForItAlone()
    {
        var first = await StartWrite(1);

        var flush = _writes.FlushAsync();
        Assert.False(flush.IsCompleted);
        first.SetResult();
        await flush;

        Assert.Single(_started);
    }

    [Fact]
    public async Task Flush_WhenTheWriteFails_ThenItAndAllWaitingAndLaterOnesFail()
    {
        _writes.Change(1);
        var failing = _writes.FlushAsync();
        await Eventually.True(() => _started.Count == 1);
        _writes.Change(2);
        var waiting = _writes.FlushAsync();

        _started[0].Written.SetException(new IOException("disk"));

        await Assert.ThrowsAsync<AccountReloadException>(() => failing);
        await Assert.ThrowsAsync<AccountReloadException>(() => waiting);
        await Assert.ThrowsAsync<AccountReloadException>(_writes.FlushAsync);
        Assert.True(_writes.HasFailed);
        Assert.Equal(0, _writes.Durable);
        Assert.Single(_started);
    }

    [Fact]
    public async Task Flush_WhenTheWriteThrowsAtOnce_ThenFails()
    {
        var writes = new CoalescedWrites<int>(0, _ => throw new IOException("disk"));
        writes.Change(1);

        await Assert.ThrowsAsync<AccountReloadException>(writes.FlushAsync);
        Assert.True(writes.HasFailed);
    }

    [Fact]
    public async Task Flush_WhenWritesFollowOneAnother_ThenNeverTwoAtOnce()
    {
        var running = 0;
        var most = 0;
        var writes = new CoalescedWrites<int>(0, async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
        });

        for (var i = 1; i <= 50; i++)
        {
            writes.Change(i);
            await writes.FlushAsync();
            Assert.Equal(i, writes.Durable);
        }

        Assert.Equal(1, most);
    }

    private async Task<TaskCompletionSource> StartWrite(int state)
    {
        _writes.Change(state);
        _ = _writes.FlushAsync();
        await Eventually.True(() => _started.Count > 0);
        return _started[^1].Written;
    }

    private Task Write(int state)
    {
        var written = new TaskCompletionSource();
        _started.Add((state, written));
        return written.Task;
    }
}
