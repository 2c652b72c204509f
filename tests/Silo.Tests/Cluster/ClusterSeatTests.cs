using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Starting;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Silo.Tests.Cluster;

/// <summary>Who may be in a cluster together, and who is the last to leave.</summary>
public sealed class ClusterSeatTests : IAsyncDisposable
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
        var (first, second) = (Seat(database, Nothing), Seat(database, Nothing));

        await first.Take(Token);
        await second.Take(Token);

        Assert.Null(await first.Check(Token));
        Assert.Null(await second.Check(Token));
    }

    [Fact]
    public async Task Take_WhenASiloHasItsOwnLogAndOthersSitThere_ThenItIsRefusedAndNamesTheSetting()
    {
        var database = await Databases.Create();
        await Seat(database, Nothing).Take(Token);

        var refusal = await Assert.ThrowsAsync<StartException>(() => Seat(database, Log, Hasty()).Take(Token));

        Assert.Contains("set Banking:Kafka:BootstrapServers for every silo", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_WhenASiloWithItsOwnLogSitsThere_ThenNobodyElseMay()
    {
        var database = await Databases.Create();
        await Seat(database, Log).Take(Token);

        var refusal = await Assert.ThrowsAsync<StartException>(() => Seat(database, Nothing, Hasty()).Take(Token));

        Assert.Contains("set Banking:Kafka:BootstrapServers and Banking:Lake:Root for it too", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Take_WhenTheHolderGoesMeanwhile_ThenItIsHad()
    {
        var database = await Databases.Create();
        await using var held = new ClusterDatabase(database, TimeProvider.System);
        var first = new ClusterSeat(held, Log, TimeProvider.System);
        await first.Take(Token);

        var second = Seat(database, Log);
        var taking = second.Take(Token);
        await first.DisposeAsync();
        await taking;

        Assert.Null(await second.Check(Token));
    }

    [Fact]
    public async Task Rise_WhenOthersStay_ThenOnlyTheLastOneIsTold()
    {
        var database = await Databases.Create();
        var (first, second) = (Seat(database, Nothing), Seat(database, Nothing));
        await first.Take(Token);
        await second.Take(Token);

        Assert.False(await first.Rise(Token));
        Assert.True(await second.Rise(Token));
    }

    [Fact]
    public async Task Check_WhenTheServerRestarted_ThenTheSeatIsTakenAgain()
    {
        await using var server = await Databases.OwnServer();
        var seat = Seat(server.ConnectionString, Log);
        await seat.Take(Token);
        await server.Stop();

        var away = await seat.Check(Token);
        await server.Start();
        var back = await seat.Check(Token);

        Assert.False(away!.Taken);
        Assert.Null(back);
        await Assert.ThrowsAsync<StartException>(() => Seat(server.ConnectionString, Nothing, Hasty()).Take(Token));
    }

    [Fact]
    public async Task Check_WhenAnotherSatDownWhileTheServerWasAway_ThenItSaysSo()
    {
        await using var server = await Databases.OwnServer();
        var seat = Seat(server.ConnectionString, Log);
        await seat.Take(Token);
        await server.Stop();
        await seat.Check(Token);
        await server.Start();
        await Seat(server.ConnectionString, Nothing).Take(Token);

        var loss = await seat.Check(Token);

        Assert.True(loss!.Taken);
        Assert.Contains("Banking:Kafka:BootstrapServers", loss.Sentence, StringComparison.Ordinal);
    }

    /// <summary>Any patience ends at the second look.</summary>
    private static FakeTimeProvider Hasty() => new() { AutoAdvanceAmount = TimeSpan.FromMinutes(1) };

    private ClusterSeat Seat(string connectionString, string[] embedded, TimeProvider? clock = null)
    {
        var database = new ClusterDatabase(connectionString, TimeProvider.System);
        var seat = new ClusterSeat(database, embedded, clock ?? TimeProvider.System);
        _open.Add(database);
        _open.Add(seat);
        return seat;
    }
}
