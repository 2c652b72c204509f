using System.Text;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Streaming.Tests.Log;

/// <summary>
/// What every log must do; each implementation runs it. What the embedded log can do beyond that is tested with it, and is not asked here,
/// as a log behind a network can't: that a reader sees an append as soon as it returned (here: after <see cref="ILogReader.WaitAsync"/>),
/// and that other processes' records never come between those of one append.
/// </summary>
public abstract partial class PartitionedLogContract<TLog> : IAsyncLifetime
    where TLog : ITestLog, new()
{
    private readonly TLog _testLog = new();
    private ServiceProvider? _services;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPartitionedLog Log => _services!.Log();

    public async ValueTask InitializeAsync()
    {
        await _testLog.InitializeAsync();
        _services = await _testLog.Open(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (_services is not null) await _services.DisposeAsync();
        await _testLog.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Append_WhenThePartitionIsEmpty_ThenTheLastOffsetIsReturned()
    {
        var last = await Log.AppendAsync(0, Records("a", "b", "c"), Cancellation);

        var bounds = await Log.GetBoundsAsync(0, Cancellation);
        Assert.Equal(bounds.Next - 1, last);
        Assert.Equal(["a", "b", "c"], await ReadAll(0, bounds.First));
    }

    [Fact]
    public async Task Append_WhenCallsFollow_ThenOffsetsGrow()
    {
        var first = await Log.AppendAsync(1, Records("a"), Cancellation);

        var second = await Log.AppendAsync(1, Records("b", "c"), Cancellation);

        Assert.True(second > first);
    }

    [Fact]
    public async Task Append_WhenThereIsNothingToAppend_ThenNothingChanges()
    {
        var before = await Log.GetBoundsAsync(0, Cancellation);

        await Log.AppendAsync(0, [], Cancellation);

        Assert.Equal(before, await Log.GetBoundsAsync(0, Cancellation));
    }

    [Fact]
    public async Task Append_WhenManyCallTogether_ThenEachCallsRecordsLieTogetherInOrder()
    {
        await Task.WhenAll(Enumerable.Range(0, 64).Select(caller =>
            Log.AppendAsync(2, Records([.. Enumerable.Range(0, 10).Select(i => $"{caller}:{i}")]), Cancellation).AsTask()));

        var values = await ReadAll(2, 0);
        Assert.Equal(640, values.Length);
        foreach (var run in values.Chunk(10))
        {
            var caller = run[0].Split(':')[0];
            Assert.Equal(Enumerable.Range(0, 10).Select(i => $"{caller}:{i}"), run);
        }
    }

    [Fact]
    public async Task Append_WhenOnePartitionGrows_ThenTheOthersDoNot()
    {
        await Log.AppendAsync(0, Records("a"), Cancellation);

        Assert.Empty(await ReadAll(3, 0));
    }

    [Fact]
    public async Task GetCommitted_WhenTheGroupNeverCommitted_ThenItIsNull() =>
        Assert.Null(await Log.GetCommittedAsync("new", 0, Cancellation));

    [Fact]
    public async Task Commit_WhenCommittedAgainAndLower_ThenTheLastOneHolds()
    {
        await Log.AppendAsync(0, Records("a", "b", "c"), Cancellation);
        await Log.CommitAsync("group", 0, 3, Cancellation);

        await Log.CommitAsync("group", 0, 1, Cancellation);

        Assert.Equal(1, await Log.GetCommittedAsync("group", 0, Cancellation));
        Assert.Null(await Log.GetCommittedAsync("group", 1, Cancellation));
        Assert.Null(await Log.GetCommittedAsync("other", 0, Cancellation));
    }

    [Fact]
    public async Task Open_WhenItWasClosed_ThenIdPartitionsRecordsAndCommitsAreAsTheyWere()
    {
        await Log.AppendAsync(2, Records("a", "b"), Cancellation);
        await Log.CommitAsync("group", 2, 1, Cancellation);
        var (id, partitions, bounds) = (Log.LogId, Log.PartitionCount, await Log.GetBoundsAsync(2, Cancellation));
        await _services!.DisposeAsync();

        _services = await _testLog.Open(Cancellation);

        Assert.Equal((id, partitions), (Log.LogId, Log.PartitionCount));
        Assert.Equal(bounds, await Log.GetBoundsAsync(2, Cancellation));
        Assert.Equal(1, await Log.GetCommittedAsync("group", 2, Cancellation));
        Assert.Equal(bounds.Next, await Log.AppendAsync(2, Records("c"), Cancellation));
        Assert.Equal(["a", "b", "c"], await ReadAll(2, 0));
    }

    [Fact]
    public async Task PartitionCount_WhenOpen_ThenThereAreAsManyPartitionsAndNoMore()
    {
        Assert.Equal((4, 4), (Log.PartitionCount, Log.LatestPartitionCount));
        Assert.Equal(new LogBounds(0, 0), await Log.GetBoundsAsync(3, Cancellation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Log.AppendAsync(4, Records("a"), Cancellation));
    }

    [Fact]
    public async Task Append_WhenTheLogWasClosed_ThenItSaysSo()
    {
        var closed = Log;
        await _services!.DisposeAsync();
        _services = null;

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await closed.AppendAsync(0, Records("a"), Cancellation));
    }

    [Fact]
    public async Task LogId_WhenAsked_ThenItIsShortAndFitForAFileName() =>
        Assert.Matches("^[A-Za-z0-9-]{4,32}$", await Task.FromResult(Log.LogId));

    private static NewLogRecord[] Records(params string[] values) =>
        [.. values.Select(value => new NewLogRecord(default, Encoding.UTF8.GetBytes(value), []))];

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private async Task<string[]> ReadAll(int partition, long from)
    {
        await using var reader = await Log.OpenReaderAsync(partition, from, Cancellation);
        List<string> values = [];
        while (await reader.ReadAsync(100, Cancellation) is { Count: > 0 } records)
        {
            values.AddRange(records.Select(record => Text(record.Value)));
        }
        return [.. values];
    }
}
