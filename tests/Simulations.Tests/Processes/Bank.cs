using System.Net;
using System.Text;
using System.Text.Json;

namespace Banking.Simulations.Tests.Processes;

/// <summary>Calls a silo's HTTP API by hand.</summary>
internal static class Bank
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly HttpClient Http = new();

    /// <summary>The books of all accounts, a line each, without what is on its way to the log.</summary>
    public static async Task<string> Ledgers(SiloProcess silo, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        for (string? after = ""; after is not null;)
        {
            var (status, text) = await Get(silo, $"/v1/ledgers?after={Uri.EscapeDataString(after)}", cancellationToken);
            Assert.True(status == HttpStatusCode.OK, text);
            using var page = JsonDocument.Parse(text);
            AppendLedgers(lines, page.RootElement);
            after = page.RootElement.GetProperty("next").GetString();
        }

        return lines.ToString();
    }

    /// <summary>A page of them, as <see cref="Ledgers"/> writes it.</summary>
    public static void AppendLedgers(StringBuilder lines, JsonElement page)
    {
        foreach (var ledger in page.GetProperty("ledgers").EnumerateArray())
        {
            foreach (var member in ledger.EnumerateObject().Where(member => member.Name is not "unpublished"))
            {
                var value = member.Value.ValueKind == JsonValueKind.Object
                    ? string.Join(
                        ',', member.Value.EnumerateObject().OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => $"{p.Name}={p.Value}"))
                    : member.Value.ToString();
                lines.Append(value).Append(' ');
            }

            lines.Append('\n');
        }
    }

    public static async Task<JsonElement> Statement(SiloProcess silo, string account, CancellationToken cancellationToken)
    {
        var (status, text) = await Get(silo, $"/v1/accounts/{account}", cancellationToken);
        Assert.True(status == HttpStatusCode.OK, text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    public static async Task<(HttpStatusCode Status, string Text)> Get(SiloProcess silo, string path, CancellationToken cancellationToken)
    {
        using var response = await Http.GetAsync(silo.Url + path, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    public static Task<(HttpStatusCode Status, string Text)> Post(
        SiloProcess silo, string path, string json, string? key, CancellationToken cancellationToken) =>
        Send(silo, HttpMethod.Post, path, json, key, cancellationToken);

    /// <param name="json">Empty for none.</param>
    public static async Task<(HttpStatusCode Status, string Text)> Send(
        SiloProcess silo, HttpMethod method, string path, string json, string? key, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, silo.Url + path);
        if (json.Length > 0) request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (key is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var response = await Http.SendAsync(request, cancellationToken);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>Deposits until the silo refuses with a code.</summary>
    public static async Task<(HttpStatusCode Status, string Text)> WaitForRefusal(
        SiloProcess silo, string code, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                var answer = await Post(silo, "/v1/accounts/rita/deposits", """{"amount":5}""", null, cancellationToken);
                if (answer.Text.Contains(code, StringComparison.Ordinal)) return answer;
                Assert.NotEqual(HttpStatusCode.OK, answer.Status);
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            Assert.True(TimeProvider.System.GetElapsedTime(since) < MaxWait, $"It did not refuse in time:\n{silo.Output}");
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>Waits until a file has so many bytes.</summary>
    public static async Task WaitForBytes(string file, long bytes, CancellationToken cancellationToken)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!File.Exists(file) || new FileInfo(file).Length < bytes)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < MaxWait, $"{file} did not grow to {bytes} bytes in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);
        }
    }
}
