using Banking.Streaming.Log;
using Banking.Streaming.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Streaming.Tests.Sqlite;

/// <summary>
/// Retention goes by the time that passes: whatever the wall clock is set to, nothing goes too early, and nothing stays for ever.
/// </summary>
public sealed class RetentionClockTests : IDisposable
{
    private static readonly NewLogRecord[] One = [new(default, new byte[400], [])];
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly TemporaryFolder _folder = new();
    private readonly SteppingTime _time = new(new DateTimeOffset(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(365)]
    [InlineData(-365)]
    public async Task Retention_WhenTheClockIsSet_ThenNothingGoesBeforeItsTimeAndAllGoesAfterIt(int days)
    {
        using var log = Open(TimeSpan.FromDays(7));
        await log.AppendAsync(0, One, Cancellation);
        await Pass(log, TimeSpan.FromMinutes(2));

        _time.Step = TimeSpan.FromDays(days);
        await log.AppendAsync(0, One, Cancellation);
        await Pass(log, TimeSpan.FromMinutes(2));
        await Pass(log, TimeSpan.FromDays(6));
        var kept = First(log);
        await Pass(log, TimeSpan.FromDays(2));

        Assert.Equal(0, kept);
        await Eventually.True(() => First(log) == 2, "both records are gone");
    }

    [Fact]
    public async Task Retention_WhenTheClockWentAYearAheadAndBack_ThenRecordsOfThatYearGoToo()
    {
        using var log = Open(TimeSpan.FromDays(7));
        _time.Step = Year;
        await log.AppendAsync(0, One, Cancellation);
        await Pass(log, TimeSpan.FromMinutes(2));
        _time.Step = TimeSpan.Zero;
        await log.AppendAsync(0, One, Cancellation);
        await Pass(log, TimeSpan.FromMinutes(2));

        await Pass(log, TimeSpan.FromDays(8));

        await Eventually.True(() => First(log) == 2, "both records are gone");
    }

    [Fact]
    public async Task Retention_WhenItsAgeReachesBeforeTheFirstYear_ThenTheLogGoesOn()
    {
        using var log = Open(TimeSpan.FromDays(1_000_000));
        await log.AppendAsync(0, One, Cancellation);

        await Pass(log, TimeSpan.FromMinutes(2));

        Assert.Equal(1, await log.AppendAsync(0, One, Cancellation));
        Assert.Equal(0, First(log));
    }

    [Theory]
    [InlineData("1000000.00:00:00", "00:01:00", "RetentionAge")]
    [InlineData("10675199.02:48:05.4775807", "00:01:00", "RetentionAge")]
    [InlineData("00:00:00", "00:01:00", "RetentionAge")]
    [InlineData("7.00:00:00", "10675199.02:48:05.4775807", "RetentionInterval")]
    [InlineData("7.00:00:00", "-00:01:00", "RetentionInterval")]
    public void Validate_WhenASpanIsImpossible_ThenNamesIt(string age, string interval, string named)
    {
        var options = new SqliteLogOptions
        {
            Path = "log.db",
            RetentionAge = TimeSpan.Parse(age, System.Globalization.CultureInfo.InvariantCulture),
            RetentionInterval = TimeSpan.Parse(interval, System.Globalization.CultureInfo.InvariantCulture),
        };

        Assert.StartsWith(named, new SqliteLogOptionsValidator().Validate("log", options).FailureMessage, StringComparison.Ordinal);
    }

    private static long First(SqliteLog log) => log.GetBoundsAsync(0, CancellationToken.None).AsTask().Result.First;

    private SqliteLog Open(TimeSpan age) =>
        SqliteLog.Open(
            new SqliteLogOptions { Path = _folder.File("log.db"), Partitions = 2, RetentionAge = age }, _time, NullLogger.Instance);

    // Any commit makes the writer's thread look what is due; the second one's answer says that the look after the first is over.
    private async Task Pass(SqliteLog log, TimeSpan time)
    {
        _time.Advance(time);
        for (var i = 0; i < 10; i++) await log.CommitAsync("clock", 1, 0, Cancellation);
    }

    /// <summary>Time that passes by hand, and a wall clock that is set by hand.</summary>
    private sealed class SteppingTime(DateTimeOffset start) : FakeTimeProvider(start)
    {
        public TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
