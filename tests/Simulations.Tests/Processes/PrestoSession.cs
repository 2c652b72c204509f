using System.Text;
using System.Text.Json;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// Queries through Presto's statement protocol, as an analyst's client with a catalog and a schema of its own sends them.
/// </summary>
internal sealed class PrestoSession(string url, string schema) : IDisposable
{
    /// <summary>Whom the lake's tables belong to: nobody else may drop them.</summary>
    private const string Owner = "banking";

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    public void Dispose() => _http.Dispose();

    /// <returns>The rows, values as text with commas between them (<c>null</c> for null), sorted.</returns>
    public async Task<string[]> Query(string sql, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/statement") { Content = new StringContent(sql, Encoding.UTF8) };
        foreach (var (name, value) in new[] { ("User", Owner), ("Catalog", "hive"), ("Schema", schema), ("Time-Zone", "UTC") })
        {
            request.Headers.Add("X-Presto-" + name, value);
        }

        using var first = await _http.SendAsync(request, cancellationToken);
        var rows = new List<string>();
        var page = await ReadPage(first, rows, cancellationToken);
        while (page is not null)
        {
            using var next = await _http.GetAsync(page, cancellationToken);
            page = await ReadPage(next, rows, cancellationToken);
        }

        rows.Sort(StringComparer.Ordinal);
        return [.. rows];
    }

    private static async Task<Uri?> ReadPage(HttpResponseMessage response, List<string> rows, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        Assert.False(
            json.RootElement.TryGetProperty("error", out var error),
            error.ValueKind == JsonValueKind.Object ? error.GetProperty("message").GetString() : "");
        if (json.RootElement.TryGetProperty("data", out var data))
        {
            rows.AddRange(
                data.EnumerateArray().Select(
                    row => string.Join(',', row.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.Null ? "null" : v.ToString()))));
        }

        return json.RootElement.TryGetProperty("nextUri", out var next) ? new Uri(next.GetString()!) : null;
    }
}
