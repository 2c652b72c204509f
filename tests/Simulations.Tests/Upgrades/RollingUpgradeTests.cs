using System.Net;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.Upgrades;

/// <summary>Silos of the baseline's build and of this one are one bank, for as long as an upgrade takes, and back.</summary>
public sealed class RollingUpgradeTests : IAsyncLifetime
{
    private SiloCluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await SiloCluster.Create();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null) await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task Upgrade_WhenSiloAfterSiloIsReplacedUnderLoad_ThenNothingIsLostOnTheWayThereAndBack()
    {
        var old = await OldProgram.Build(Token);
        var silos = await Task.WhenAll(_cluster.Start(old, Token), _cluster.Start(old, Token));
        using var load = SteadyLoad.Start(string.Join(',', silos.Select(silo => silo.Url)), _cluster.Journal, seed: 41);
        await load.Progress(200, Token);

        await Replace(silos, 0, SiloProcess.Program);
        await RequireOneBank(silos);
        await load.Progress(200, Token);
        await Replace(silos, 1, SiloProcess.Program);
        await load.Progress(100, Token);
        await Replace(silos, 0, old);
        await RequireOneBank(silos);
        await load.Progress(200, Token);
        await Replace(silos, 0, SiloProcess.Program);
        await load.Progress(100, Token);

        await load.Stop(() => _cluster.Output, Token);
        var verified = await _cluster.Verify(silos[1], Token);
        Assert.True(verified.ExitCode == 0, verified.Output + _cluster.Output);
    }

    private async Task Replace(SiloProcess[] silos, int number, string program)
    {
        Assert.Equal(0, await silos[number].Stop(Token));
        silos[number] = await _cluster.Start(program, Token, new Uri(silos[number].Url).Port);
    }

    /// <summary>Each silo brings the others' events into the lake, and knows all books; a client may come to either's gateway.</summary>
    private async Task RequireOneBank(SiloProcess[] silos)
    {
        foreach (var silo in silos)
        {
            var (flushed, text) = await Bank.Post(silo, "/v1/lake/flush", "", null, Token);
            Assert.True(flushed == HttpStatusCode.OK, text + _cluster.Output);
            Assert.Equal(HttpStatusCode.OK, (await Bank.Get(silo, "/v1/assets", Token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await Bank.Get(silo, "/v1/ledgers", Token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await Bank.Get(silo, "/v1/lake/compact", Token)).Status);
        }

        var gateways = string.Join(',', silos.Select(silo => FormattableString.Invariant($"127.0.0.1:{silo.GatewayPort}")));
        var (exitCode, output) = await ClientProcess.Run(
            Token, "load", "--gateway", gateways, "--accounts", "20", "--actions", "200", "--connections", "4", "--seed", "42",
            "--journal", _cluster.Journal + "-gateway");
        Assert.True(exitCode == 0, output + _cluster.Output);
    }
}
