using System.Net;
using Banking.Accounts;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Silo.Tests;

/// <summary>Ids that nobody has cost nothing that stays, however many somebody thinks of.</summary>
public sealed class UnknownAccountsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const int Ids = 500;

    [Theory]
    [InlineData("/v1/accounts/{0}")]
    [InlineData("/v1/accounts/{0}/ledger")]
    [InlineData("/return_account_info/{0}")]
    public async Task Read_OverHttp_ActivatesNothing(string path)
    {
        var known = await silo.OpenAccount();
        var before = await CountActivations();
        Assert.True(before > 0);

        for (var i = 0; i < Ids; i++)
        {
            using var reply = await silo.Http.GetAsync(path.Replace("{0}", New(), StringComparison.Ordinal), Token);
            Assert.Equal(HttpStatusCode.NotFound, reply.StatusCode);
        }

        Assert.InRange(await CountActivations(), 0, before);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(path.Replace("{0}", known, StringComparison.Ordinal), Token)).StatusCode);
    }

    [Fact]
    public async Task Call_ThroughAGateway_LeavesNothing()
    {
        await silo.OpenAccount();
        var before = await CountActivations();
        Assert.True(before > 0);
        var grains = silo.Services.GetRequiredService<IGrainFactory>();

        for (var i = 0; i < Ids; i++)
        {
            var account = grains.GetGrain<IAccountGrain>(New());
            Assert.Null(await account.GetStatement(null));
            Assert.Null(await account.GetLedger());
            Assert.Equal(ActionCode.AccountUnknown, (await account.Perform(new Deposit(1) { ActionId = New() })).Code);
        }

        // Far sooner than idle accounts leave.
        await Eventually.True(async () => await CountActivations() <= before);
    }

    [Fact]
    public async Task Read_OfWhatWasAcknowledged_SeesIt()
    {
        for (var i = 0; i < Ids; i++)
        {
            var id = New();
            Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.GetAsync($"/v1/accounts/{id}", Token)).StatusCode);
            await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"Ann"}""");
            Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync($"/v1/accounts/{id}", Token)).StatusCode);
        }
    }

    [Fact]
    public async Task Read_OfADeletedAccountsLedger_IsAnswered()
    {
        var id = await silo.OpenAccount();
        await silo.Http.DeleteAsync($"/v1/accounts/{id}?full_name=Ann%20Example", Token);

        Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.GetAsync($"/v1/accounts/{id}", Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync($"/v1/accounts/{id}/ledger", Token)).StatusCode);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static string New() => "p" + Guid.NewGuid().ToString("N");

    private async Task<int> CountActivations()
    {
        var management = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0);
        var counts = await management.GetSimpleGrainStatistics();
        return counts
            .Where(count => count.GrainType.Contains("AccountGrain", StringComparison.Ordinal))
            .Sum(count => count.ActivationCount);
    }
}
