using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Streaming.Tests.Sqlite;

public sealed class SqliteLogTests : IDisposable
{
    private static readonly NewLogRecord[] One = [new(default, new byte[400], [])];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Open_WhenTheFileExists_ThenIdPartitionsRecordsAndCommitsAreAsTheyWere()
    {
        string id;
        using (var log = Open(partitions: 3))
        {
            id = log.LogId;
            await log.AppendAsync(2, One, Cancellation);
            await log.CommitAsync("group", 2, 1, Cancellation);
        }

        using var again = Open(partitions: 8);
        Assert.Equal((id, 3), (again.LogId, again.PartitionCount));
        Assert.Equal(new LogBounds(0, 1), await again.GetBoundsAsync(2, Cancellation));
        Assert.Equal(1, await again.GetCommittedAsync("group", 2, Cancellation));
        Assert.Equal(1, await again.AppendAsync(2, One, Cancellation));
    }

    [Fact]
    public async Task Read_WhenAnAppendHasReturned_ThenItIsSeenWithoutWaiting()
    {
        using var log = Open();
        await using var reader = await log.OpenReaderAsync(0, 0, Cancellation);
        Assert.Empty(await reader.ReadAsync(10, Cancellation));

        await log.AppendAsync(0, One, Cancellation);

        Assert.Single(await reader.ReadAsync(10, Cancellation));
    }

    [Fact]
    public async Task Append_WhenTheClockStepsBack_ThenTimestampsDoNot()
    {
        var time = new SteppingClock { Now = DateTimeOffset.FromUnixTimeMilliseconds(2_000_000) };
        using var log = SqliteLog.Open(new SqliteLogOptions { Path = _folder.File("log.db") }, time, NullLogger.Instance);
        await log.AppendAsync(0, One, Cancellation);

        time.Now = DateTimeOffset.FromUnixTimeMilliseconds(1_000_000);
        await log.AppendAsync(0, One, Cancellation);

        Assert.Equal([2_000_000, 2_000_000], (await ReadAll(log, 0)).Select(record => record.Timestamp));
    }

    [Fact]
    public async Task Append_WhenTheClockStepsBackOverARestart_ThenTimestampsDoNot()
    {
        using (var log = Open()) await log.AppendAsync(0, One, Cancellation);

        using var again = SqliteLog.Open(Options(), new SteppingClock { Now = DateTimeOffset.UnixEpoch }, NullLogger.Instance);
        await again.AppendAsync(0, One, Cancellation);

        Assert.Equal([1_000_000, 1_000_000], (await ReadAll(again, 0)).Select(record => record.Timestamp));
    }

    [Fact]
    public void Open_WhenANewerVersionWroteTheFile_ThenItRefusesWithASentence()
    {
        using (Open()) { }
        using (var connection = LogFile.Connect(_folder.File("log.db"))) connection.Execute("PRAGMA user_version=99");

        var failure = Assert.Throws<LogException>(() => Open());

        Assert.Contains("version 99", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PRAGMA user_version=0")]
    [InlineData("PRAGMA user_version=1")]
    [InlineData("PRAGMA application_id=7")]
    public void Open_WhenTheFileIsAnotherProgramsDatabase_ThenItRefusesAndLeavesItAlone(string theirs)
    {
        using (var connection = LogFile.Connect(_folder.File("log.db")))
        {
            connection.Execute("CREATE TABLE theirs(id INTEGER)");
            connection.Execute(theirs);
        }

        var before = File.ReadAllBytes(_folder.File("log.db"));

        var failure = Assert.Throws<LogException>(() => Open());

        Assert.Contains("another program", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_folder.File("log.db")));
    }

    [Fact]
    public void Open_WhenAnotherProgramDiedWithItsWriteAheadLog_ThenItRefusesAndLeavesBothAlone()
    {
        var path = _folder.File("theirs");
        using (var connection = LogFile.Connect(path))
        {
            connection.Execute("PRAGMA journal_mode=WAL");
            connection.Execute("CREATE TABLE theirs(id INTEGER)");
            File.Copy(path, _folder.File("log.db"));
            File.Copy(path + "-wal", _folder.File("log.db") + "-wal");
        }

        var (file, log) = (File.ReadAllBytes(_folder.File("log.db")), File.ReadAllBytes(_folder.File("log.db") + "-wal"));

        Assert.Throws<LogException>(() => Open());

        Assert.Equal(file, File.ReadAllBytes(_folder.File("log.db")));
        Assert.Equal(log, File.ReadAllBytes(_folder.File("log.db") + "-wal"));
    }

    [Fact]
    public void Open_WhenTheFileIsNoDatabase_ThenItRefusesAndLeavesItAlone()
    {
        File.WriteAllText(_folder.File("log.db"), new string('x', 8192));

        var failure = Assert.Throws<LogException>(() => Open());

        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        Assert.Equal(new string('x', 8192), File.ReadAllText(_folder.File("log.db")));
    }

    [Fact]
    public void Open_WhenAnotherHasTheFile_ThenItRefusesWithASentence()
    {
        using var log = Open();

        var failure = Assert.Throws<LogException>(() => Open());

        Assert.Contains("another process", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WhenTheFolderIsAFile_ThenItRefusesWithASentence()
    {
        File.WriteAllText(_folder.File("taken"), "");

        Assert.Throws<LogException>(() =>
            SqliteLog.Open(new SqliteLogOptions { Path = Path.Combine(_folder.File("taken"), "log.db") }, _time, NullLogger.Instance));
    }

    [Fact]
    public async Task Append_WhenTheDiskIsFull_ThenItFailsAndTheLogWorksOnWhenThereIsSpace()
    {
        using (var log = Open(maxPages: 40))
        {
            var failure = await Assert.ThrowsAsync<LogException>(async () =>
            {
                for (var i = 0; i < 1_000; i++) await log.AppendAsync(0, One, Cancellation);
            });
            Assert.Contains("full", failure.Message, StringComparison.Ordinal);
        }

        using var again = Open();
        var kept = (await again.GetBoundsAsync(0, Cancellation)).Next;
        Assert.Equal(kept, await again.AppendAsync(0, One, Cancellation));
        Assert.Equal(kept + 1, (await ReadAll(again, 0)).Length);
    }

    [Fact]
    public async Task Retention_WhenRecordsAreOld_ThenTheyGoAndOffsetsGoOn()
    {
        using (var log = Open())
        {
            await log.AppendAsync(0, One, Cancellation);
            await Age(log, TimeSpan.FromDays(8), () => First(log, 0) == 1);
        }

        using var again = Open();
        Assert.Equal(new LogBounds(1, 1), await again.GetBoundsAsync(0, Cancellation));
        Assert.Equal(1, await again.AppendAsync(0, One, Cancellation));
        Assert.Equal(1_000_000 + (long)TimeSpan.FromDays(8).TotalMilliseconds, (await ReadAll(again, 1))[0].Timestamp, 120_000.0);
    }

    [Fact]
    public async Task Retention_WhenAGroupNeedsOldRecords_ThenTheyStay()
    {
        using var log = Open();
        await log.AppendAsync(0, One, Cancellation);
        await log.AppendAsync(0, One, Cancellation);
        await log.CommitAsync("slow", 0, 1, Cancellation);
        await log.CommitAsync("fast", 0, 2, Cancellation);

        await Age(log, TimeSpan.FromDays(8), () => First(log, 0) == 1);
        await Age(log, TimeSpan.FromMinutes(5), () => true);

        Assert.Equal(new LogBounds(1, 2), await log.GetBoundsAsync(0, Cancellation));
    }

    [Fact]
    public async Task Retention_WhenANamedGroupNeverCommitted_ThenOldRecordsStayUntilItDoes()
    {
        var options = Options();
        options.Groups.Add("lake");
        using var log = SqliteLog.Open(options, _time, NullLogger.Instance);
        await log.AppendAsync(0, One, Cancellation);
        await log.CommitAsync("lake", 1, 1, Cancellation);
        await log.CommitAsync("fast", 0, 1, Cancellation);

        await Age(log, TimeSpan.FromDays(8), () => true);
        var before = First(log, 0);
        await log.CommitAsync("lake", 0, 1, Cancellation);
        await Age(log, TimeSpan.FromMinutes(5), () => First(log, 0) == 1);

        Assert.Equal(0, before);
    }

    [Fact]
    public async Task Retention_WhenANamedGroupNeverCommittedAndTheHardLimitIsExceeded_ThenTheOldestGo()
    {
        var options = Options(hardLimit: 10_000);
        options.Groups.Add("lake");
        using var log = SqliteLog.Open(options, _time, NullLogger.Instance);
        for (var i = 0; i < 100; i++) await log.AppendAsync(0, One, Cancellation);

        await Age(log, TimeSpan.FromMinutes(2), () => First(log, 0) > 70);

        Assert.Equal(100, (await log.GetBoundsAsync(0, Cancellation)).Next);
    }

    [Fact]
    public async Task Retention_WhenTheHardLimitIsExceeded_ThenTheOldestGoAndAReaderThereIsTold()
    {
        using var log = Open(hardLimit: 10_000);
        await log.CommitAsync("slow", 0, 0, Cancellation);
        for (var i = 0; i < 100; i++) await log.AppendAsync(0, One, Cancellation);

        await Age(log, TimeSpan.FromMinutes(2), () => First(log, 0) > 70);

        await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => ReadAll(log, 0));
    }

    private static long First(SqliteLog log, int partition) => log.GetBoundsAsync(partition, CancellationToken.None).AsTask().Result.First;

    private static async Task<LogRecord[]> ReadAll(SqliteLog log, long from)
    {
        await using var reader = await log.OpenReaderAsync(0, from, Cancellation);
        List<LogRecord> all = [];
        while (await reader.ReadAsync(1_000, Cancellation) is { Count: > 0 } records) all.AddRange(records);
        return [.. all];
    }

    private SqliteLogOptions Options(int partitions = 2, long? maxPages = null, long? hardLimit = null) =>
        new() { Path = _folder.File("log.db"), Partitions = partitions, MaxPages = maxPages, HardLimitBytes = hardLimit };

    private SqliteLog Open(int partitions = 2, long? maxPages = null, long? hardLimit = null) =>
        SqliteLog.Open(Options(partitions, maxPages, hardLimit), _time, NullLogger.Instance);

    /// <summary>Lets time pass and the writer's thread run its rounds: any commit makes it look.</summary>
    private async Task Age(SqliteLog log, TimeSpan by, Func<bool> until)
    {
        _time.Advance(by);
        for (var i = 0; i < 10; i++) await log.CommitAsync("clock", 1, 0, Cancellation);
        await Eventually.True(until, "the retention's work");
    }

    private sealed class SteppingClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
