using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>What the client's line to the gateway makes of what a person types.</summary>
public sealed class GatewayBankTests
{
    [Fact]
    public async Task Perform_WhenTheIdIsTypedWithItsAccentsApart_ReachesTheAccountOfTheNormalForm()
    {
        const string typed = "A\u030asa";
        const string normal = "\u00c5sa";
        await using var cluster = await BankCluster.Start(seed: 1, silos: 1);
        using var bank = new GatewayBank(cluster.Grains);

        var answer = await bank.PerformAsync(
            typed, new OpenAccount("Åsa Example") { ActionId = "open" }, TestContext.Current.CancellationToken);

        Assert.Equal(ActionCode.Done, answer.Code);
        Assert.NotNull(await cluster.Grains.GetGrain<IAccountGrain>(normal).GetLedger());
    }
}
