using Banking.Sqlite;
using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Streaming.Tests.Sqlite;

/// <summary>What waits for the disk is bounded. Another connection's lock is the disk that takes its time.</summary>
public sealed class SqliteLogBoundTests : IDisposable
{
    private static readonly NewLogRecord[] Large = [new(default, new byte[800], [])];

    private readonly TemporaryFolder _folder = new();
    private readonly SqliteLog _log;
    private readonly SqliteConnection _disk;

    public SqliteLogBoundTests()
    {
        _log = SqliteLog.Open(
            new SqliteLogOptions { Path = _folder.File("log.db"), MaxWaitingBytes = 1_000 }, TimeProvider.System, NullLogger.Instance);
        _disk = LogFile.Connect(_folder.File("log.db"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _disk.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Append_WhenTooMuchWaits_ThenItFailsAtOnceAndTheOthersAreWritten()
    {
        _disk.Execute("BEGIN IMMEDIATE");
        var waiting = _log.AppendAsync(0, Large, Cancellation).AsTask();

        var failure = await Assert.ThrowsAsync<LogException>(() => _log.AppendAsync(1, Large, Cancellation).AsTask());

        Assert.False(waiting.IsCompleted);
        Assert.Contains("MaxWaitingBytes", failure.Message, StringComparison.Ordinal);
        _disk.Execute("ROLLBACK");
        Assert.Equal(0, await waiting);
        Assert.Equal(new LogBounds(0, 0), await _log.GetBoundsAsync(1, Cancellation));
    }

    [Fact]
    public async Task Append_WhenWhatWaitedIsWritten_ThenThereIsRoomAgain()
    {
        for (var i = 0; i < 20; i++) Assert.Equal(i, await _log.AppendAsync(0, Large, Cancellation));
    }

    [Fact]
    public async Task Append_WhenItIsLargerThanTheBoundAndNothingWaits_ThenItIsTaken()
    {
        NewLogRecord[] huge = [new(default, new byte[10_000], [])];

        Assert.Equal(0, await _log.AppendAsync(0, huge, Cancellation));
    }

    [Fact]
    public async Task Commit_WhenTooMuchWaits_ThenItIsTaken()
    {
        _disk.Execute("BEGIN IMMEDIATE");
        var waiting = _log.AppendAsync(0, Large, Cancellation).AsTask();

        var commit = _log.CommitAsync("group", 0, 1, Cancellation).AsTask();
        _disk.Execute("ROLLBACK");
        await Task.WhenAll(waiting, commit);

        Assert.Equal(1, await _log.GetCommittedAsync("group", 0, Cancellation));
    }
}
