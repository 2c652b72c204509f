using System.Diagnostics;
using Banking.Silo.Callers;
using Banking.Silo.Settings;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Auth.Tests;

/// <summary>What it costs to check a token that was found good before.</summary>
public sealed class CheckCostTests
{
    private const int Checks = 20_000;

    [Fact]
    public async Task Check_WhenTheTokenIsKnown_ThenCostsMicroseconds()
    {
        await using var provider = await Provider.StartAsync();
        using var http = new HttpClient();
        var settings = new AuthSettings { Authority = provider.Authority, Audience = Provider.Audience };
        var keys = new ProviderKeys(new DiscoveredKeys(settings, http), TimeProvider.System, NullLogger<ProviderKeys>.Instance);
        var check = new TokenCheck(settings, keys, TimeProvider.System);
        var token = await provider.TokenOf("alice", "player");
        for (var i = 0; i < Checks; i++) await check.CheckAsync(token);

        var since = Stopwatch.StartNew();
        for (var i = 0; i < Checks; i++) await check.CheckAsync(token);
        var known = since.Elapsed.TotalMicroseconds / Checks;

        TestContext.Current.TestOutputHelper!.WriteLine($"{known:0.00} microseconds for a known token of {token.Length} characters");
        Assert.InRange(known, 0, 50);
    }
}
