using Banking.Lake;
using Banking.Markets;
using Banking.Silo.Http;
using Banking.Silo.Lake;
using Banking.Silo.Tests.Streams;
using Banking.Sink.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Tests;

/// <summary>A silo is ready when it answers players; what is wrong with the log is said beside.</summary>
public sealed class ReadinessTests : IDisposable
{
    private readonly LateLog _log = new(3) { IsOpen = true };
    private readonly FakeSink _sink = new();
    private readonly FakeCatalog _catalog = new();
    private readonly LakeSinkOptions _lake = new();
    private readonly MarketSeed _markets;
    private readonly Readiness _readiness;

    public ReadinessTests()
    {
        var grains = FakeGrains.Of(_sink, _catalog);
        _markets = new MarketSeed(grains, Options.Create(new MarketOptions()), TimeProvider.System, NullLogger<MarketSeed>.Instance);
        _readiness = new Readiness(_markets, grains, _log, Options.Create(_lake), TimeProvider.System);
    }

    public void Dispose() => _markets.Dispose();

    [Fact]
    public async Task Check_WhenTheMarketsAreNotOpen_ThenUnhealthy() => Assert.Equal(HealthStatus.Unhealthy, (await Check()).Status);

    [Fact]
    public async Task Check_WhenEverySinkAnswers_ThenHealthy()
    {
        await OpenMarkets();

        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenTheLogIsNotOpenYet_ThenDegradedWithASentence()
    {
        await OpenMarkets();
        _log.IsOpen = false;

        var health = await Check();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.Contains("The log can't be reached", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenNoSinkAnswersAndTheBrokerIsAwayAgain_ThenDegraded()
    {
        await OpenMarkets();
        _sink.Failure = new IOException("no answer");
        _log.IsAway = true;

        Assert.Equal(HealthStatus.Degraded, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenNoSinkAnswersThoughTheLogDoes_ThenUnhealthy()
    {
        await OpenMarkets();
        _sink.Failure = new IOException("no answer");

        Assert.Equal(HealthStatus.Unhealthy, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenASinkRefuses_ThenUnhealthyWithItsSentence()
    {
        await OpenMarkets();
        _sink.Refusal = "The lake is ahead.";

        var health = await Check();

        Assert.Equal((HealthStatus.Unhealthy, "The lake is ahead."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Check_WhenTheLakeTakesNothing_ThenDegradedWithItsSentence()
    {
        await OpenMarkets();
        _sink.LakeFailure = "The name node is away.";

        var health = await Check();

        Assert.Equal(HealthStatus.Degraded, health.Status);
        Assert.EndsWith("The name node is away.", health.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenTheMetastoreIsAway_ThenDegradedWithItsSentence()
    {
        await OpenMarkets();
        _lake.Hive = new HiveOptions();
        _catalog.Status = new CatalogStatus(0, 1, "The metastore is away.", []);

        var health = await Check();

        Assert.Equal((HealthStatus.Degraded, "The metastore is away."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Check_WhenATableIsSomebodyElses_ThenDegradedWithItsSentence()
    {
        await OpenMarkets();
        _lake.Hive = new HiveOptions();
        _catalog.Status = new CatalogStatus(0, 1, null, ["The table is not the lake's."]);

        var health = await Check();

        Assert.Equal((HealthStatus.Degraded, "The table is not the lake's."), (health.Status, health.Description));
    }

    [Fact]
    public async Task Check_WhenTheCatalogIsUpToDate_ThenHealthy()
    {
        await OpenMarkets();
        _lake.Hive = new HiveOptions();

        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    public async Task Check_WhenNoCatalogIsSet_ThenNobodyAsksForOne()
    {
        await OpenMarkets();
        _catalog.Status = new CatalogStatus(0, 1, "The metastore is away.", []);

        Assert.Equal(HealthStatus.Healthy, (await Check()).Status);
    }

    [Fact]
    public async Task Register_WhenTheMetastoreIsAway_ThenSaysThatTheEventsAreDurableAndWhatIsMissing()
    {
        _lake.Hive = new HiveOptions();
        _catalog.Problem = "Not known to be registered: cash_transactions of 2026-11-24.";
        var flush = new LakeFlush(null!, null!, FakeGrains.Of(_catalog), _log, Options.Create(_lake), TimeProvider.System);

        var failure = await Assert.ThrowsAsync<FlushFailedException>(() => flush.Register(TestContext.Current.CancellationToken));

        Assert.StartsWith("Everything acknowledged is durable in the lake", failure.Message, StringComparison.Ordinal);
        Assert.EndsWith(_catalog.Problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_WhenTheLogIsNotOpenYet_ThenFailsBeforeAnybodyWaits()
    {
        _log.IsOpen = false;
        var flush = new LakeFlush(null!, null!, null!, _log, Options.Create(_lake), TimeProvider.System);

        await Assert.ThrowsAsync<FlushFailedException>(() => flush.Flush(TestContext.Current.CancellationToken));
    }

    private async Task OpenMarkets()
    {
        await _markets.StartAsync(TestContext.Current.CancellationToken);
        await _markets.Done;
    }

    private Task<HealthCheckResult> Check() => _readiness.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);

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

        public Task Flush(long offset) => throw new NotSupportedException();

        public Task<SinkStatus> GetStatus() => Failure is null ? Task.FromResult(new SinkStatus(0, 0, 0, 0, 0, 0, Refusal, LakeFailure)) : Task.FromException<SinkStatus>(Failure);
    }
}
