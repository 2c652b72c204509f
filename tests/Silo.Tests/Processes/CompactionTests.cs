using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Banking.Simulations.Tests.Processes;
using DuckDB.NET.Data;

namespace Banking.Silo.Tests.Processes;

/// <summary>A silo with nothing set, no metastore among it, compacts the days before today.</summary>
public sealed class CompactionTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SiloProcess? _silo;
    private HttpClient? _http;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Lake => _folder.File("lake");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Compact_WhenADayIsOverAndNoMetastoreIsSet_ThenItsManifestHasEveryRow()
    {
        await StartAsync();
        await PostAsync("/v1/accounts", """{"account_id":"ann","full_name":"Ann Example"}""", HttpStatusCode.Created);
        for (var i = 0; i < 3; i++)
        {
            await PostAsync("/v1/accounts/ann/deposits", """{"amount":10}""", HttpStatusCode.OK, HttpStatusCode.Created);
            await PostAsync("/v1/lake/flush", "", HttpStatusCode.OK);
        }

        await StopAsync();
        var day = LetANightPass();
        await StartAsync();
        await PostAsync("/v1/lake/compact", "", HttpStatusCode.Accepted);
        await Eventually.True(async () => (await StatusAsync()).GetProperty("state").GetString() == "done");

        Assert.Equal(1, (await StatusAsync()).GetProperty("days_compacted").GetInt32());
        var manifest = JsonDocument.Parse(
            await File.ReadAllTextAsync(Path.Combine(Lake, "_compactions", "cash_transactions", day, "00000000000000000001"), Token));
        Assert.Equal(3, Count(manifest.RootElement.GetProperty("folder").GetString()!));
        await PostAsync("/v1/accounts/ann/deposits", """{"amount":10}""", HttpStatusCode.OK, HttpStatusCode.Created);
        await PostAsync("/v1/lake/flush", "", HttpStatusCode.OK);
        Assert.Equal(4, Count("cash_transactions/dt=*"));
    }

    // What a day's end leaves: files that are a day old.
    private string LetANightPass()
    {
        var today = Assert.Single(Directory.GetDirectories(Path.Combine(Lake, "cash_transactions")));
        var day = DateOnly.ParseExact(Path.GetFileName(today), "'dt='yyyy-MM-dd", CultureInfo.InvariantCulture);
        var before = day.AddDays(-1).ToString("'dt='yyyy-MM-dd", CultureInfo.InvariantCulture);
        foreach (var folder in Directory.GetDirectories(Lake, Path.GetFileName(today), SearchOption.AllDirectories))
            Directory.Move(folder, Path.Combine(Path.GetDirectoryName(folder)!, before));
        foreach (var claim in Directory.GetFiles(Path.Combine(Lake, "_chains"), "*", SearchOption.AllDirectories))
            File.WriteAllText(claim, before["dt=".Length..]);
        return before;
    }

    private long Count(string folder)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"select count(*) from read_parquet('{Lake}/{folder}/*.parquet')";
        return (long)command.ExecuteScalar()!;
    }

    private async Task<JsonElement> StatusAsync() =>
        JsonDocument.Parse(await _http!.GetStringAsync(new Uri("/v1/lake/compact", UriKind.Relative), Token)).RootElement;

    private async Task PostAsync(string path, string json, params HttpStatusCode[] expected)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http!.PostAsync(new Uri(path, UriKind.Relative), content, Token);
        Assert.Contains(response.StatusCode, expected);
    }

    private async Task StartAsync()
    {
        _silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);
        _http = new HttpClient { BaseAddress = new Uri(_silo.Url) };
    }

    private async Task StopAsync()
    {
        _http?.Dispose();
        if (_silo is null) return;
        await _silo.Stop(CancellationToken.None);
        await _silo.DisposeAsync();
        _silo = null;
    }
}
