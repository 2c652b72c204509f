using Banking.Lake.Chains;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Compaction;

/// <summary>The seal under clocks that are wrong.</summary>
public sealed class DaySealTests : IDisposable
{
    private static readonly ChainId Chain = new("log1", 0);
    private readonly CompactionLake _lake = new();
    private readonly DaySeal _seal;

    public DaySealTests() => _seal = new DaySeal(_lake.Sink.Store, _lake.Sink.Time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Pass_WhenAnotherSilosClockSaysThatTodayIsOver_ThenTheFileWaitsAllTheSame()
    {
        await _seal.CloseAsync(CompactionLake.Table, CompactionLake.Day, Token);

        var passing = _seal.PassAsync(CompactionLake.Table, CompactionLake.Day, Token);

        Assert.False(passing.IsCompleted);
        await _seal.OpenAsync(CompactionLake.Table, CompactionLake.Day, Token);
        await new[] { _lake.Sink.Time }.RunUntilAsync(passing);
    }

    [Fact]
    public async Task Close_WhenTheClockSteppedSinceAClaim_ThenItIsNotTakenForADeadOne()
    {
        await ClaimAsync(TimeSpan.Zero);
        _lake.Sink.Time.Advance(TimeSpan.FromDays(1));

        await Assert.ThrowsAsync<DayNotCompactableException>(() => CloseAsync());
    }

    [Fact]
    public async Task Close_WhenAClaimIsOfATimeToCome_ThenItIsDeadAfterItWasWatchedForItsTime()
    {
        await ClaimAsync(TimeSpan.FromDays(365));
        await Assert.ThrowsAsync<DayNotCompactableException>(() => CloseAsync());
        _lake.Sink.Time.Advance(TimeSpan.FromMinutes(11));

        await CloseAsync();

        Assert.True(File.Exists($"{_lake.Sink.Root}/{CompactionPath.Seal(CompactionLake.Table, CompactionLake.Day)}"));
    }

    [Fact]
    public async Task Close_WhenAClaimIsOld_ThenItIsDead()
    {
        await ClaimAsync(-TimeSpan.FromMinutes(11));

        await CloseAsync();
    }

    private Task CloseAsync() => new[] { _lake.Sink.Time }.RunUntilAsync(_seal.CloseAsync(CompactionLake.Table, CompactionLake.Day, Token));

    // A claim whose file has not come, as old as this by the file system's clock.
    private async Task ClaimAsync(TimeSpan ahead)
    {
        var path = $"{_lake.Sink.Root}/{LakePath.Claim(CompactionLake.Table, Chain, 0)}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllTextAsync(path, LakePath.Day(CompactionLake.Day), Token);
        File.SetLastWriteTimeUtc(path, (TimeProvider.System.GetUtcNow() + ahead).UtcDateTime);
    }
}
