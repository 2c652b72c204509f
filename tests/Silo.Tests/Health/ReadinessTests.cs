using Banking.Lake;
using Banking.Silo.Health;
using Banking.Silo.Lake;
using Banking.Silo.Tests.Streams;
using Banking.Sink.Settings;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Health;

/// <summary>A silo is unhealthy when actions can't be answered, degraded when the lake or queries are behind, and says why.</summary>
public sealed class ReadinessTests
{
    private readonly LateLog _log = new(3) { IsOpen = true };
    private readonly FakeSink _sink = new();
    private readonly FakeCatalog _catalog = new();
    private readonly LakeSinkOptions _lake = new();
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 27, 2, 0, 0, TimeSpan.Zero));
    private readonly Findings _findings;
    private readonly Readiness _readiness;
    private Func<Task> _storage = () => Task.CompletedTask;

    public ReadinessTests()
    {
        var grains = FakeGrains.Of(_sink, _catalog);
        var options = Options.Create(_lake);
        _findings = new Findings(_clock);
        var lake = new LakeHealth(grains, _log, options, _clock);
        _readiness = new Readiness(
            new HealthView([new StorageHealth(() => _storage(), _clock), lake, new CatalogHealth(grains, _clock)], _findings, _clock));
    }

    [Fact]
    public async Task Check_WhenAllAnswers_ThenHealthy() => Assert.Equal(HealthStatus.Healthy, (await Check()).Status);

    [Fact]
    public async Task Check_WhenStorageTakesNoWrites_ThenUnhealthyWithTheReasonUntilItDoes()
    {
        _storage = () => Task.FromException(new IOException("The disk is full."));
        var full = await Check();
        _storage = () => Task.CompletedTask;
        var free = await Check();

        Assert.Equal(
            (HealthStatus.Unhealthy, "Storage takes no writes: actions can't be answered. The disk is full."),
            (full.Status, full.Description));
        Assert.Equal(HealthStatus.Healthy, free.Status);
    }

    [Fact]
    public async Task Check_WhenStorageHangs_ThenUnhealthyAndAsksNoMoreBeforeItAnswers()
    {
        var hanging = new TaskCompletionSource();
        var asked = 0;
        _storage = () =>
        {
            asked++;
            return hanging.Task;
        };
        var first = await CheckWhileTimePasses();
        var second = await CheckWhileTimePasses();
        hanging.SetResult();
        var last = await Check();

        Assert.Equal(
            (HealthStatus.Unhealthy, HealthStatus.Unhealthy, HealthStatus.Healthy, 1), (first.Status, second.Status, last.Status, asked));
        Assert.Contains("A write has waited for", second.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenAskedByManyWithinASecond_ThenLooksOnce()
    {
        var asked = 0;
        _storage = () =>
        {
            asked++;
            return Task.CompletedTask;
        };

        for (var i = 0; i < 100; i++) await _readiness.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Check_WhenNoSinkAnswersAndTheBrokerIsAwayAgain_ThenDegraded()
    {
        _sink.Failure = new IOException("no answer");
        _log.IsAway = true;

        Assert.Equal(HealthStatus.Degraded, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenNoSinkAnswersThoughTheLogDoes_ThenUnhealthy()
    {
        _sink.Failure = new IOException("no answer");

        Assert.Equal(HealthStatus.Unhealthy, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenASinkOfAnEarlierBuildRefuses_ThenUnhealthyWithItsSentence()
    {
        _sink.Refusal = "The lake is ahead.";

        var health = await Check();

        Assert.Equal(HealthStatus.Unhealthy, health.Status);
        Assert.Contains("The lake is ahead.", health.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, HealthStatus.Unhealthy)]
    [InlineData(false, HealthStatus.Degraded)]
    public async Task Check_WhenASinkFoundSomething_ThenSaysItAsGraveAsTheSinkDoes(bool isCritical, HealthStatus status)
    {
        _sink.Findings =
            [new SinkFinding("lake/partition-0/blocked", "The record at offset 5 is not an event.", isCritical, _clock.GetUtcNow())];

        var health = await Check();

        Assert.Equal(status, health.Status);
        Assert.Contains("The record at offset 5 is not an event.", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenTheLakeTakesNothing_ThenDegradedWithItsSentence()
    {
        _sink.LakeFailure = "The name node is away.";

        var health = await Check();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.EndsWith("The name node is away.", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenAPartitionStandsStill_ThenDegradedWithHowFarItIsBehind()
    {
        _sink.Durable = 4;
        var soon = await Check();
        _clock.Advance(TimeSpan.FromSeconds(61));

        var late = await Check();

        Assert.Equal(HealthStatus.Healthy, soon.Status);
        Assert.Equal(HealthStatus.Degraded, late.Status);
        Assert.Contains(
            "3 records of partition 2 are not in the lake, the first, at offset 4, for at least 62 s", late.Description,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenARoomReports_ThenSaysItSinceWhenUntilItIsCleared()
    {
        var since = _clock.GetUtcNow();
        _findings.Report("log/topic", "The topic is compacted.");
        _clock.Advance(TimeSpan.FromMinutes(1));
        var reported = await Check();
        _findings.Clear("log/topic");
        var cleared = await Check();

        Assert.Equal((HealthStatus.Degraded, "The topic is compacted."), (reported.Status, reported.Description));
        Assert.Equal(since, Assert.Single((IReadOnlyList<Finding>)reported.Data[Readiness.FindingsName]).Since);
        Assert.Equal(HealthStatus.Healthy, cleared.Status);
    }

    [Fact]
    public async Task Check_WhenTheMetastoreIsAway_ThenDegradedWithItsSentenceAndHowManyDaysAreMissing()
    {
        _lake.Hive = new HiveOptions();
        _catalog.Status = new CatalogStatus(0, 1, "The metastore is away.", []);

        var health = await Check();

        Assert.Equal((HealthStatus.Degraded, "The metastore is away. Days that queries may lack: 1."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Check_WhenATableIsSomebodyElses_ThenDegradedWithItsSentence()
    {
        _lake.Hive = new HiveOptions();
        _catalog.Status = new CatalogStatus(0, 1, null, ["The table is not the lake's."]);

        var health = await Check();

        Assert.Equal((HealthStatus.Degraded, "The table is not the lake's."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Check_WhenNoMetastoreIsSetAndADayIsHeld_ThenDegradedWithItsSentence()
    {
        _catalog.Status = new CatalogStatus(0, 0, null, ["The day's manifests are lost."]);

        var health = await Check();

        Assert.Equal((HealthStatus.Degraded, "The day's manifests are lost."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Register_WhenTheMetastoreIsAway_ThenSaysThatTheEventsAreDurableAndWhatIsMissing()
    {
        _lake.Hive = new HiveOptions();
        _catalog.Problem = "Not known to be registered: cash_transactions of 2026-11-24.";
        var flush = new LakeFlush(null!, null!, FakeGrains.Of(_catalog), _log, Options.Create(_lake), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<FlushFailedException>(() => flush.RegisterAsync(TestContext.Current.CancellationToken));

        Assert.StartsWith("Everything acknowledged is durable in the lake", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(_catalog.Problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_WhenTheLogIsNotOpenYet_ThenFailsBeforeAnybodyWaits()
    {
        _log.IsOpen = false;
        var flush = new LakeFlush(null!, null!, null!, _log, Options.Create(_lake), TimeProvider.System);

        await Assert.ThrowsAsync<FlushFailedException>(() => flush.FlushAsync(TestContext.Current.CancellationToken));
    }

    // A later look, not the last one's.
    private Task<HealthCheckResult> Check()
    {
        _clock.Advance(TimeSpan.FromSeconds(1));
        return _readiness.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
    }

    private async Task<HealthCheckResult> CheckWhileTimePasses()
    {
        var check = Check();
        await Eventually.True(() =>
        {
            if (!check.IsCompleted) _clock.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(check.IsCompleted);
        });
        return await check;
    }

    private sealed class FakeCatalog : ICatalogGrain
    {
        public Task<string?> Switch(LakeDay day, long basis, byte[] manifest) => throw new NotSupportedException();

        public Task<string?> SwitchDraft(LakeDay day, long basis, Guid draft) => throw new NotSupportedException();

        public CatalogStatus Status { get; set; } = new(1, 0, null, []);

        public string? Problem { get; set; }

        public Task Announce(IReadOnlyList<LakeDay> days) => Task.CompletedTask;

        public Task<string?> Flush() => Task.FromResult(Problem);

        public Task<CatalogStatus> GetStatus() => Task.FromResult(Status);
    }

    private sealed class FakeSink : ISinkGrain
    {
        public Exception? Failure { get; set; }

        public string? Refusal { get; set; }

        public string? LakeFailure { get; set; }

        /// <summary>The log ends at 7.</summary>
        public long Durable { get; set; } = 7;

        public IReadOnlyList<SinkFinding>? Findings { get; set; }

        public Task Flush(long offset) => throw new NotSupportedException();

        public Task<SinkStatus> GetStatus() => Failure is null
            ? Task.FromResult(new SinkStatus(0, Durable, Durable, 0, 0, 0, Refusal, LakeFailure, Findings))
            : Task.FromException<SinkStatus>(Failure);
    }
}
