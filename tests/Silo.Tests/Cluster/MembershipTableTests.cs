using System.Net;
using Banking.Servers.PostgreSql;
using Banking.Silo.Cluster;
using Banking.Silo.Starting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Banking.Silo.Tests.Cluster;

/// <summary>The statements of <c>ClusterTables.sql</c>, through the provider that looks them up.</summary>
public sealed class MembershipTableTests : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private ClusterDatabase _database = null!;
    private IHost _host = null!;
    private IMembershipTable _table = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _database = new ClusterDatabase(await Databases.Create(), TimeProvider.System);
        await using (var connection = await _database.OpenWithRetriesAsync(Token))
            await ClusterSchema.EnsureAsync(connection, _database.Name, Token);
        _host = new HostBuilder().UseOrleans(silo =>
        {
            silo.UseAdoNetClustering(
                (AdoNetClusteringSiloOptions clustering) => (clustering.Invariant, clustering.DataSource) = ("Npgsql", _database.Source));
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("bank", "bank"));
        }).Build();
        _table = _host.Services.GetRequiredService<IMembershipTable>();
        await _table.InitializeMembershipTableAsync(true, Token);
    }

    public async ValueTask DisposeAsync()
    {
        _host?.Dispose();
        if (_database is not null) await _database.DisposeAsync();
    }

    [Fact]
    public async Task InsertRow_WhenTheVersionIsTheTables_ThenTheSiloIsThereAndTheVersionCounts()
    {
        var silo = Silo(1);

        Assert.True(await Insert(silo));

        var read = await _table.ReadAllAsync(Token);
        var entry = Assert.Single(read.Members).Item1;
        Assert.Equal(1, read.Version.Version);
        Assert.Equal(
            (silo.SiloAddress, SiloStatus.Joining, "silo 1", 30001, Start),
            (entry.SiloAddress, entry.Status, entry.SiloName, entry.ProxyPort, entry.StartTime));
    }

    [Fact]
    public async Task InsertRow_WhenTheVersionIsOld_ThenNothingChanges()
    {
        var version = (await _table.ReadAllAsync(Token)).Version.Next();
        Assert.True(await _table.InsertRowAsync(Silo(1), version, Token));

        Assert.False(await _table.InsertRowAsync(Silo(2), version, Token));

        Assert.Single((await _table.ReadAllAsync(Token)).Members);
    }

    [Fact]
    public async Task InsertRow_WhenTheSiloIsThere_ThenTheVersionStays()
    {
        Assert.True(await Insert(Silo(1)));

        Assert.False(await Insert(Silo(1)));

        Assert.Equal(1, (await _table.ReadAllAsync(Token)).Version.Version);
    }

    [Fact]
    public async Task InsertRow_WhenManyDoAtOnce_ThenOneOfEachVersionWins()
    {
        var version = (await _table.ReadAllAsync(Token)).Version.Next();

        var won = await Task.WhenAll(Enumerable.Range(1, 16).Select(number => _table.InsertRowAsync(Silo(number), version, Token)));

        Assert.Single(won, true);
        var read = await _table.ReadAllAsync(Token);
        Assert.Equal((1, 1), (read.Members.Count, read.Version.Version));
    }

    [Fact]
    public async Task UpdateRow_WhenTheVersionIsOld_ThenNothingChanges()
    {
        var silo = Silo(1);
        await Insert(silo);
        var read = await _table.ReadAllAsync(Token);
        silo.Status = SiloStatus.Dead;
        silo.AddSuspector(Silo(2).SiloAddress, Start);
        Assert.True(await _table.UpdateRowAsync(silo, read.Members[0].Item2, read.Version.Next(), Token));
        silo.Status = SiloStatus.Active;

        Assert.False(await _table.UpdateRowAsync(silo, read.Members[0].Item2, read.Version.Next(), Token));

        var entry = (await _table.ReadRowAsync(silo.SiloAddress, Token)).Members[0].Item1;
        Assert.Equal((SiloStatus.Dead, Silo(2).SiloAddress), (entry.Status, entry.SuspectTimes![0].Item1));
    }

    [Fact]
    public async Task UpdateIAmAlive_Always_LeavesTheVersionAlone()
    {
        var silo = Silo(1);
        await Insert(silo);
        silo.IAmAliveTime = Start.AddMinutes(1);

        await _table.UpdateIAmAliveAsync(silo, Token);

        var read = await _table.ReadAllAsync(Token);
        Assert.Equal((1, Start.AddMinutes(1)), (read.Version.Version, read.Members[0].Item1.IAmAliveTime));
    }

    [Fact]
    public async Task CleanupDefunctSilos_Always_RemovesOnlyOldDeadOnes()
    {
        foreach (var (number, status) in new[] { (1, SiloStatus.Dead), (2, SiloStatus.Active) })
        {
            var silo = Silo(number);
            await Insert(silo);
            silo.Status = status;
            var read = await _table.ReadAllAsync(Token);
            await _table.UpdateRowAsync(silo, read.Version.VersionEtag, read.Version.Next(), Token);
        }

        await _table.CleanupDefunctSiloEntriesAsync(Start, Token);
        Assert.Equal(2, (await _table.ReadAllAsync(Token)).Members.Count);
        await _table.CleanupDefunctSiloEntriesAsync(Start.AddDays(1), Token);

        Assert.Equal(SiloStatus.Active, Assert.Single((await _table.ReadAllAsync(Token)).Members).Item1.Status);
    }

    private async Task<bool> Insert(MembershipEntry silo) =>
        await _table.InsertRowAsync(silo, (await _table.ReadAllAsync(Token)).Version.Next(), Token);

    private static MembershipEntry Silo(int number) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11110 + number, 7),
        SiloName = $"silo {number}",
        HostName = "here",
        Status = SiloStatus.Joining,
        ProxyPort = 30000 + number,
        StartTime = Start,
        IAmAliveTime = Start,
    };
}
