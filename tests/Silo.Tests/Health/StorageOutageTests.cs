using System.Net;
using System.Text.Json;
using Banking.Servers.PostgreSql;
using Banking.Silo.Hosting;

namespace Banking.Silo.Tests.Health;

/// <summary>The whole program with its database away: ready says what players meet.</summary>
public sealed class StorageOutageTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ready_WhenPostgreSqlIsStopped_ThenSays503AndWhyUntilItIsBack()
    {
        await using var server = await Databases.OwnServer();
        await using var app = BankingApplication.Create(
            [.. SiloFixture.Arguments(_folder.Path), "--Banking:Storage:PostgreSql", server.ConnectionString]);
        await app.StartAsync(Token);
        using var http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
        await Eventually.True(async () => (await Ready(http)).Code == HttpStatusCode.OK);

        await server.Stop();
        var away = await Ready(http, HttpStatusCode.ServiceUnavailable);
        await server.Start();
        var back = await Ready(http, HttpStatusCode.OK);

        Assert.Equal("Unhealthy", away.Body.GetProperty("status").GetString());
        var finding = away.Body.GetProperty("findings").EnumerateArray().Single(found => found.GetProperty("key").GetString() == "storage");
        Assert.True(finding.GetProperty("critical").GetBoolean());
        Assert.StartsWith(
            "Storage takes no writes: actions can't be answered.", finding.GetProperty("sentence").GetString(), StringComparison.Ordinal);
        Assert.NotEqual("Unhealthy", back.Body.GetProperty("status").GetString());
        Assert.True(back.Body.GetProperty("partitions").GetArrayLength() > 0);
        await app.StopAsync(Token);
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body)> Ready(HttpClient http, HttpStatusCode wanted)
    {
        (HttpStatusCode Code, JsonElement Body) last = default;
        await Eventually.True(async () => (last = await Ready(http)).Code == wanted);
        return last;
    }

    private static async Task<(HttpStatusCode Code, JsonElement Body)> Ready(HttpClient http)
    {
        using var response = await http.GetAsync("/health/ready", Token);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        return (response.StatusCode, body.RootElement.Clone());
    }
}
