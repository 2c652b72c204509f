using System.Net;
using Banking.Accounts;
using Banking.Callers;
using Banking.Lake;
using Banking.Markets;
using Banking.Recovery;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Banking.Auth.Tests;

/// <summary>A real Orleans client at the gateway of a silo that asks its callers who they are.</summary>
public sealed class GatewayCallersTests(AskingSilo silo) : IClassFixture<AskingSilo>, IAsyncLifetime
{
    private static readonly Caller Alice = new(new CallerId("https://id.example", "alice"), CallerRole.Player);
    private static readonly Caller Bob = new(new CallerId("https://id.example", "bob"), CallerRole.Player);
    private IHost _client = null!;

    public async ValueTask InitializeAsync()
    {
        var port = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value.GatewayPort;
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleansClient(orleans => orleans.UseLocalhostClustering(port, "banking", "banking"));
        _client = builder.Build();
        await _client.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _client.StopAsync();
        _client.Dispose();
    }

    [Fact]
    public async Task Call_WhenTheClientSaysNothing_ThenItIsAServer()
    {
        var account = Account();
        await As(Alice, () => account.Perform(Open()));

        Assert.True((await As(null, () => account.Perform(Pay()))).IsDone);
        Assert.NotNull(await As(null, account.GetLedger));
        Assert.Equal(ActionCode.NotAllowed, (await As(null, () => account.Perform(Assign()))).Code);
    }

    [Fact]
    public async Task Call_WhenTheClientSaysForWhichPlayer_ThenThatPlayerCalls()
    {
        var account = Account();
        await As(Alice, () => account.Perform(Open()));

        Assert.True((await As(Alice, () => account.Perform(Pay()))).IsDone);
        Assert.Equal(ActionCode.AccountUnknown, (await As(Bob, () => account.Perform(Pay()))).Code);
        Assert.Null(await As(Bob, account.GetLedger));
        Assert.Null(await As(Bob, () => account.GetStatement(null)));
    }

    [Fact]
    public async Task Call_WhenTheClientSaysThatAnOperatorCalls_ThenItIsAServer()
    {
        var account = Account();
        await As(Alice, () => account.Perform(Open()));
        var said = new Caller(new CallerId("https://id.example", "olga"), CallerRole.Operator);

        Assert.Equal(ActionCode.NotAllowed, (await As(said, () => account.Perform(Assign()))).Code);
        Assert.True((await As(said, () => account.Perform(Pay()))).IsDone);
    }

    [Fact]
    public async Task Call_WhenTheClientWantsTheBanksKeys_ThenRefused()
    {
        var ring = _client.Services.GetRequiredService<IClusterClient>().GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);
        var key = new ApiKey("0123456789ab", "mine", CallerRole.Operator, new string('0', 64), TimeProvider.System.GetUtcNow(), null, null);

        await Assert.ThrowsAsync<UnauthorizedAccessException>(ring.List);
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ring.Add(key));
        await Assert.ThrowsAsync<UnauthorizedAccessException>(() => ring.Revoke("0123456789ab"));
        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, "/v1/keys", silo.Bootstrap)).Status);
    }

    [Fact]
    public async Task Call_WhenAGrainIsTheBanksOwn_ThenRefused()
    {
        var grains = _client.Services.GetRequiredService<IClusterClient>();
        Func<Task>[] calls =
        [
            () => grains.GetGrain<ISinkGrain>("0").GetStatus(),
            () => grains.GetGrain<ISinkGrain>("0").Flush(0),
            () => grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).GetStatus(),
            () => grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).Switch(new LakeDay("cash_transactions", default), 0, []),
            () => grains.GetGrain<ICompactionGrain>(ICompactionGrain.Key).Start(new CompactionOrder(null, null)),
            () => grains.GetGrain<IBankGrain>(IBankGrain.Key).CheckAgain("Because."),
            () => grains.GetGrain<IExchangeGrain>(IExchangeGrain.Key).Add("mine"),
            () => grains.GetGrain<IExchangeGrain>(IExchangeGrain.Key).Remove("stock_a"),
            () => grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero),
        ];

        foreach (var call in calls) await Assert.ThrowsAsync<UnauthorizedAccessException>(call);
    }

    [Fact]
    public async Task Call_WhenTheMarketIsToChange_ThenRefusedUnlessItIsAnOperator()
    {
        var market = _client.Services.GetRequiredService<IClusterClient>().GetGrain<IMarketGrain>("stock_a");
        var said = new Caller(new CallerId("https://id.example", "olga"), CallerRole.Operator);

        foreach (var caller in new[] { null, Alice, said })
        {
            Caller.Current = caller;
            await Assert.ThrowsAsync<UnauthorizedAccessException>(market.Halt);
            Assert.False((await market.GetQuote())!.Halted);
        }
    }

    private IAccountGrain Account() =>
        _client.Services.GetRequiredService<IClusterClient>().GetGrain<IAccountGrain>("g" + Guid.NewGuid().ToString("N"));

    private static OpenAccount Open() => new("Alice") { ActionId = Guid.NewGuid().ToString() };

    private static Deposit Pay() => new(1) { ActionId = Guid.NewGuid().ToString() };

    private static AssignAccount Assign() => new("https://id.example", "mallory") { ActionId = Guid.NewGuid().ToString() };

    private static async Task<T> As<T>(Caller? caller, Func<Task<T>> call)
    {
        Caller.Current = caller;
        return await call();
    }
}
