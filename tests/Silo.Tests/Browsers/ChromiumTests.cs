using System.Net;
using Banking.Silo.Hosting;

namespace Banking.Silo.Tests.Browsers;

/// <summary>A page of somebody else, in a real browser on this machine: it reads nothing of the bank, and changes nothing.</summary>
public sealed class ChromiumTests(SiloFixture silo) : IClassFixture<SiloFixture>, IDisposable
{
    private const string AllHere = "MAP * 127.0.0.1, EXCLUDE 127.0.0.1, EXCLUDE localhost";

    private readonly TemporaryFolder _profile = new();

    public void Dispose() => _profile.Dispose();

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("evil.example", false)]
    [InlineData("rebound.example", true)]
    public async Task Page_OfAnotherSite_ReadsAndChangesNothing(string host, bool rebinds)
    {
        var account = await silo.OpenAccount(cash: 100);
        Assert.Equal(HttpStatusCode.OK, (await silo.Post("/v1/lake/flush", "")).Status);
        var before = await silo.Http.GetStringAsync("/v1/ledgers", Token);
        await using var site = await HostileSite.StartAsync(silo.Http.BaseAddress!, account, rebinds);

        using var browser = Chromium.Open(new($"http://{host}:{site.Port}/page"), _profile.Path, AllHere);
        var report = await site.EndAsync(Token);

        Assert.Empty(report.Seen);
        Assert.NotEmpty(report.Done);
        Assert.Equal(before, await silo.Http.GetStringAsync("/v1/ledgers", Token));
    }

    [Fact]
    public async Task Page_OfANamedOrigin_Reads()
    {
        using var folder = new TemporaryFolder();
        await using var app = BankingApplication.Create(
            [.. SiloFixture.Arguments(folder.Path), "--Banking:Http:CorsOrigins", "http://game.example"]);
        await app.StartAsync(Token);
        var bank = new Uri(app.Urls.First());
        await using var site = await HostileSite.StartAsync(bank, "ann", rebinds: false);

        var proxied = $"MAP game.example:80 127.0.0.1:{site.Port}, {AllHere}";
        using var browser = Chromium.Open(new("http://game.example/page"), _profile.Path, proxied);
        var report = await site.EndAsync(Token);

        Assert.Contains(report.Seen, seen => seen.StartsWith("silent /v1/assets: 200 ", StringComparison.Ordinal));
        await app.StopAsync(Token);
    }

    [Theory]
    [InlineData("127.0.0.1", "Banking.Orleans</title>")]
    [InlineData("localhost", "Banking.Orleans</title>")]
    [InlineData("rebound.example", "A browser asked for a host that is not this one")]
    public async Task Address_ThatWasTyped_ShowsTheFrontPageOfTheSilosOwnHosts(string host, string text)
    {
        var page = new Uri($"http://{host}:{silo.Http.BaseAddress!.Port}/");

        Assert.Contains(text, await Chromium.ReadAsync(page, _profile.Path, AllHere, Token), StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;
}
