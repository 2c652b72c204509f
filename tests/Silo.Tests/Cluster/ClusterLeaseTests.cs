using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Starting;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Cluster;

/// <summary>Who may be in a cluster together, and who is the last to leave.</summary>
public sealed class ClusterLeaseTests : IAsyncDisposable
{
    private static readonly string[] Nothing = [];
    private static readonly string[] Log = ["Banking:Kafka:BootstrapServers"];

    private readonly List<IAsyncDisposable> _open = [];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var open in Enumerable.Reverse(_open)) await open.DisposeAsync();
    }

    [Fact]
    public async Task Take_WhenSilosKeepNothingToThemselves_ThenTheySitTogether()
    {
        var database = await Databases.Create();
        var (first, second) = (Lease(database, Nothing), Lease(database, Nothing));

        await first.TakeAsync(Token);
        await second.TakeAsync(Token);

        Assert.Null(await first.CheckAsync(Token));
        Assert.Null(await second.CheckAsync(Token));
    }

    [Fact]
    public async Task Take_WhenASiloHasItsOwnLogAndOthersSitThere_ThenItIsRefusedAndNamesTheSetting()
    {
        var database = await Databases.Create();
        await Lease(database, Nothing).TakeAsync(Token);

        var refusal = await Assert.ThrowsAsync<StartException>(() => Lease(database, Log, Hasty()).TakeAsync(Token));

        Assert.Contains("set Banking:Kafka:BootstrapServers for every silo", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_WhenASiloWithItsOwnLogSitsThere_ThenNobodyElseMay()
    {
        var database = await Databases.Create();
        await Lease(database, Log).TakeAsync(Token);

        var refusal = await Assert.ThrowsAsync<StartException>(() => Lease(database, Nothing, Hasty()).TakeAsync(Token));

        Assert.Contains("set Banking:Kafka:BootstrapServers and Banking:Lake:Root for it too", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_WhenTheHolderGoesMeanwhile_ThenItIsHad()
    {
        var database = await Databases.Create();
        await using var held = new ClusterDatabase(database, TimeProvider.System);
        var first = new ClusterLease(held, Log, TimeProvider.System);
        await first.TakeAsync(Token);

        var second = Lease(database, Log);
        var taking = second.TakeAsync(Token);
        await first.DisposeAsync();
        await taking;

        Assert.Null(await second.CheckAsync(Token));
    }

    [Fact]
    public async Task Rise_WhenOthersStay_ThenOnlyTheLastOneIsTold()
    {
        var database = await Databases.Create();
        var (first, second) = (Lease(database, Nothing), Lease(database, Nothing));
        await first.TakeAsync(Token);
        await second.TakeAsync(Token);

        Assert.False(await first.ReleaseAsync(Token));
        Assert.True(await second.ReleaseAsync(Token));
    }

    [Fact]
    public async Task Check_WhenTheServerRestarted_ThenTheSeatIsTakenAgain()
    {
        await using var server = await Databases.OwnServer();
        var lease = Lease(server.ConnectionString, Log);
        await lease.TakeAsync(Token);
        await server.Stop();

        var away = await lease.CheckAsync(Token);
        await server.Start();
        var back = await lease.CheckAsync(Token);

        Assert.False(away!.Taken);
        Assert.Null(back);
        await Assert.ThrowsAsync<StartException>(() => Lease(server.ConnectionString, Nothing, Hasty()).TakeAsync(Token));
    }

    [Fact]
    public async Task Check_WhenAReleaseFoundTheConnectionDead_ThenTheLeaseIsTakenAgain()
    {
        await using var server = await Databases.OwnServer();
        await using var lease = Lease(server.ConnectionString, Log);
        await lease.TakeAsync(Token);
        await server.Stop();

        Assert.True(await lease.ReleaseAsync(Token));
        await server.Start();

        Assert.Null(await lease.CheckAsync(Token));
    }

    [Fact]
    public async Task Check_WhenAnotherSatDownWhileTheServerWasAway_ThenItSaysSo()
    {
        await using var server = await Databases.OwnServer();
        var lease = Lease(server.ConnectionString, Log);
        await lease.TakeAsync(Token);
        await server.Stop();
        await lease.CheckAsync(Token);
        await server.Start();
        await Lease(server.ConnectionString, Nothing).TakeAsync(Token);

        var loss = await lease.CheckAsync(Token);

        Assert.True(loss!.Taken);
        Assert.Contains("Banking:Kafka:BootstrapServers", loss.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Any patience ends at the second look.</summary>
    private static FakeTimeProvider Hasty() => new() { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };

    private ClusterLease Lease(string connectionString, string[] embedded, TimeProvider? clock = null)
    {
        var database = new ClusterDatabase(connectionString, TimeProvider.System);
        var lease = new ClusterLease(database, embedded, clock ?? TimeProvider.System);
        _open.Add(database);
        _open.Add(lease);
        return lease;
    }
}
