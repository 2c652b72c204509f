using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;

namespace Banking.Storage.Tests.Cluster;

/// <summary>A storage in a whole silo.</summary>
public abstract class ClusterContract : IAsyncLifetime
{
    private InProcessTestCluster _cluster = null!;

    /// <summary>Gives a way to add the storage, as default, in which odd counters are pending.</summary>
    protected abstract Task<Action<ISiloBuilder>> Open();

    protected abstract ValueTask Close();

    public async ValueTask InitializeAsync()
    {
        var add = await Open();
        var builder = new InProcessTestClusterBuilder(initialSilosCount: 1);
        builder.ConfigureSilo((_, silo) => add(silo));
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _cluster.DisposeAsync();
        await Close();
    }

    [Fact]
    public async Task Grain_WhenActivatedAgain_HasItsState()
    {
        var grain = _cluster.Client.GetGrain<ICounterGrain>("a");
        await grain.Add(2);
        await grain.Add(3);

        await grain.Retire();

        Assert.Equal(5, await grain.Get());
    }

    [Fact]
    public async Task Grain_WhenClearedAndWrittenAgain_StartsFromNothing()
    {
        var grain = _cluster.Client.GetGrain<ICounterGrain>("a");
        await grain.Add(2);

        await grain.Clear();
        await grain.Add(3);
        await grain.Retire();

        Assert.Equal(3, await grain.Get());
    }

    [Fact]
    public async Task Grain_WhenManyWorkAtOnce_KeepTheirStates()
    {
        var grains = Enumerable.Range(0, 200).Select(i => _cluster.Client.GetGrain<ICounterGrain>($"many-{i}")).ToArray();

        for (var round = 0; round < 3; round++) await Task.WhenAll(grains.Select((grain, i) => grain.Add(i)));
        await Task.WhenAll(grains.Select(grain => grain.Retire()));

        for (var i = 0; i < grains.Length; i++) Assert.Equal(3 * i, await grains[i].Get());
    }

    [Fact]
    public async Task Grain_WhenItsTypeGainedAMember_ReadsWhatTheOldTypeWrote()
    {
        var old = _cluster.Client.GetGrain<ICounterGrain>("grown");
        await old.Add(7);

        Assert.Equal((7, null), await _cluster.Client.GetGrain<IGrownGrain>("grown").ReadWhatTheOldTypeWrote());
    }

    [Fact]
    public async Task Index_WhenGrainsHavePendingWork_NamesGrainsThatCanBeCalled()
    {
        await _cluster.Client.GetGrain<ICounterGrain>("odd").Add(1);
        await _cluster.Client.GetGrain<ICounterGrain>("even").Add(2);
        var index = _cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainIndex>("Default");
        var found = new List<GrainId>();

        var cancellation = TestContext.Current.CancellationToken;
        await foreach (var grain in index.FindPendingAsync("counter", DateTimeOffset.MaxValue, cancellation)) found.Add(grain);

        var pending = Assert.Single(found);
        Assert.Equal(1, await _cluster.Client.GetGrain<ICounterGrain>(pending.Key.ToString()!).Get());
        Assert.Equal(_cluster.Client.GetGrain<ICounterGrain>("odd").GetGrainId(), pending);
    }
}
