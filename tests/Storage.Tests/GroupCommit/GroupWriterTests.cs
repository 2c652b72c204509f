using Banking.Storage.GroupCommit;
using Banking.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.Tests.GroupCommit;

public sealed class GroupWriterTests : IAsyncDisposable
{
    private readonly FakeCommitter _database = new();
    private readonly StorageMetrics _metrics = new("test", () => 0);
    private readonly RecordingLogger _logger = new();
    private readonly GroupWriter _writer;

    public GroupWriterTests() => _writer = new GroupWriter(
        "test", new WriteQueue(
            capacity: 8, maxRows: 4, maxBytes: 100, TimeProvider.System), [_database], _metrics, TimeProvider.System, _logger);

    public async ValueTask DisposeAsync()
    {
        _database.Open();
        await _writer.StopAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task Write_WhenNothingElseWaits_CommitsAtOnce()
    {
        var outcome = await _writer.WriteAsync(Write("a"));

        Assert.Equal(new WriteOutcome(1, IsConflict: false), outcome);
    }

    [Fact]
    public async Task Write_WhileATransactionCommits_SharesTheNextOneInOrder()
    {
        var writes = await WriteBehindOne("a", "b", "c");

        await Task.WhenAll(writes);

        Assert.Equal(["first"], _database.Batches[0]);
        Assert.Equal(["a", "b", "c"], _database.Batches[1]);
    }

    [Fact]
    public async Task Write_WhenMoreWaitThanATransactionTakes_GoesIntoTheNext()
    {
        var writes = await WriteBehindOne("a", "b", "c", "d", "e");

        await Task.WhenAll(writes);

        Assert.Equal(["a", "b", "c", "d"], _database.Batches[1]);
        Assert.Equal(["e"], _database.Batches[2]);
    }

    [Fact]
    public async Task Write_WhenTransactionHasNotEnded_IsNotAnswered()
    {
        _database.Close();
        var write = _writer.WriteAsync(Write("a"));
        await _database.Entered();

        Assert.False(write.IsCompleted);

        _database.Open();
        await write;
    }

    [Fact]
    public async Task Write_WhenAnotherOfItsTransactionConflicts_SucceedsAllTheSame()
    {
        _database.Close();
        var first = _writer.WriteAsync(Write("first"));
        await _database.Entered();
        var good = _writer.WriteAsync(Write("good"));
        var stale = _writer.WriteAsync(Write("first", expected: 7));
        var last = _writer.WriteAsync(Write("last"));
        _database.Open();

        await first;
        Assert.False((await good).IsConflict);
        Assert.Equal(new WriteOutcome(1, IsConflict: true), await stale);
        Assert.False((await last).IsConflict);
    }

    [Fact]
    public async Task Write_WhenTwoOfOneRowShareATransaction_BuildsTheSecondOnTheFirst()
    {
        _database.Close();
        var first = _writer.WriteAsync(Write("first"));
        await _database.Entered();
        var one = _writer.WriteAsync(Write("row"));
        var two = _writer.WriteAsync(Write("row", expected: 1));
        var stale = _writer.WriteAsync(Write("row", expected: 1));
        _database.Open();

        await first;
        Assert.Equal(new WriteOutcome(1, IsConflict: false), await one);
        Assert.Equal(new WriteOutcome(2, IsConflict: false), await two);
        Assert.Equal(new WriteOutcome(2, IsConflict: true), await stale);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_WhenTransactionFails_FailsEveryWriteOfItAndSaysWhatIsKnown(bool outcomeUnknown)
    {
        _database.Failure = new StorageWriteFailedException("Disk on fire.", outcomeUnknown);
        var writes = await WriteBehindOne("a", "b");

        foreach (var write in writes)
        {
            var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => write);
            Assert.Equal(outcomeUnknown, failure.OutcomeUnknown);
            Assert.StartsWith("Disk on fire.", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Write_WhenTheFailuresCauseIsGone_SucceedsAgain()
    {
        _database.Failure = new StorageWriteFailedException("Full.");
        await Assert.ThrowsAsync<StorageWriteFailedException>(() => _writer.WriteAsync(Write("a")));

        _database.Failure = null;

        Assert.Equal(1, (await _writer.WriteAsync(Write("a"))).Version);
    }

    [Fact]
    public async Task Write_WhenCommitterHasADefect_SaysThatTheOutcomeIsUnknown()
    {
        _database.Failure = new InvalidOperationException("A defect.");

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => _writer.WriteAsync(Write("a")));

        Assert.True(failure.OutcomeUnknown);
    }

    [Fact]
    public async Task Write_WhenHousekeepingFails_IsNotDisturbed()
    {
        _database.TidyFailure = new InvalidOperationException("Busy.");

        await _writer.WriteAsync(Write("a"));

        Assert.Equal(2, (await _writer.WriteAsync(Write("a", expected: 1))).Version);
    }

    [Fact]
    public async Task Write_WhenQueueIsFull_FailsAtOnceWithNothingWritten()
    {
        var writes = await WriteBehindOne(["a", "b", "c", "d", "e", "f", "g", "h"], open: false);

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => _writer.WriteAsync(Write("one too many")));

        Assert.False(failure.OutcomeUnknown);
        _database.Open();
        await Task.WhenAll(writes);
        Assert.DoesNotContain(_database.Batches, batch => batch.Contains("one too many"));
    }

    [Fact]
    public async Task Write_WhenAnswered_GoesOnElsewhereThanOnTheWriterThread()
    {
        var threads = new List<int>();
        for (var i = 0; i < 20; i++)
        {
            _database.Close();
            var write = _writer.WriteAsync(Write($"{i}"));
            var goingOn = write.ContinueWith(
                _ => Environment.CurrentManagedThreadId,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            _database.Open();
            threads.Add(await goingOn);
        }

        Assert.DoesNotContain(_database.Thread, threads);
    }

    [Fact]
    public async Task Stop_WhenWritesWait_CommitsThemThenCloses()
    {
        var writes = await WriteBehindOne(["a", "b"], open: false);

        var stop = _writer.StopAsync();
        _database.Open();
        await stop;

        Assert.All(writes, write => Assert.True(write.IsCompletedSuccessfully));
        Assert.True(_database.IsDisposed);
        await Assert.ThrowsAsync<StorageWriteFailedException>(() => _writer.WriteAsync(Write("late")));
    }

    [Fact]
    public async Task Stop_WhenTheClosingFails_EndsWithAWarning()
    {
        _database.DisposeFailure = new InvalidOperationException("Full.");

        await _writer.StopAsync();

        Assert.Equal([LogLevel.Warning], _logger.Levels);
    }

    private Task<Task[]> WriteBehindOne(params string[] names) => WriteBehindOne(names, open: true);

    /// <summary>Writes while a first transaction is held; opening lets both go.</summary>
    private async Task<Task[]> WriteBehindOne(string[] names, bool open)
    {
        _database.Close();
        var first = _writer.WriteAsync(Write("first"));
        await _database.Entered();
        Task[] writes = [first, .. names.Select(name => _writer.WriteAsync(Write(name)))];
        if (open) _database.Open();
        return writes;
    }

    private static GrainWrite Write(string name, long expected = 0) =>
        new(new GrainRow(name, GrainId.Create("grain", "key")), expected, new byte[10], isPending: false, writtenAt: 0);
}
