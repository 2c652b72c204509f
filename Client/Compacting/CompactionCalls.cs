using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Banking.Client.Banks;
using Banking.Client.Terminals;

namespace Banking.Client.Compacting;

/// <summary>The bank's API for compactions; every silo of a cluster reports the same compaction.</summary>
internal sealed class CompactionCalls(IReadOnlyList<Uri> urls, TimeProvider time, string? key) : IDisposable
{
    private const string Path = "/v1/lake/compact";
    private readonly SiloChoice _choice = new(urls.Count, time);
    private readonly HttpMessageInvoker _http = BankKey.CreateHttp(key);

    /// <returns>Null if another compaction is under way.</returns>
    /// <exception cref="CommandFailedException">The bank refuses, or does not know compactions.</exception>
    /// <exception cref="BankUnavailableException">The bank can't be reached.</exception>
    public async Task<CompactionState?> StartAsync(string? table, string? day, CancellationToken cancellationToken)
    {
        List<string> query = [];
        if (table is not null) query.Add("table=" + Uri.EscapeDataString(table));
        if (day is not null) query.Add("day=" + Uri.EscapeDataString(day));
        return await AskAsync(HttpMethod.Post, query.Count == 0 ? Path : $"{Path}?{string.Join('&', query)}", cancellationToken);
    }

    /// <exception cref="BankUnavailableException">The bank can't be reached.</exception>
    public async Task<CompactionState> GetAsync(CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Get, Path, cancellationToken) ?? throw new CommandFailedException(
            $"The bank at {string.Join(", ", urls)} does not say how its compaction stands.");

    public void Dispose() => _http.Dispose();

    private ValueTask<CompactionState?> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        _choice.AskAsync(0, silo => AskOnceAsync(urls[silo], method, path, cancellationToken));

    private async ValueTask<CompactionState?> AskOnceAsync(Uri url, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(HttpBankConnector.AttemptTimeout, time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, BankUrls.At(url, path));
            using var response = await _http.SendAsync(request, attempt.Token);
            if (response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Accepted)
            {
                return await ReadAsync(response, CompactionJson.Default.CompactionState, attempt.Token);
            }
            if ((int)response.StatusCode >= 500)
            {
                throw new BankUnavailableException($"The bank at {url} answered {method} {path} with {(int)response.StatusCode}.");
            }
            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
                throw new CommandFailedException($"The bank at {url} answered {method} {path} with {(int)response.StatusCode}.");
            var problem = await ReadAsync(response, CompactionJson.Default.CompactionProblem, attempt.Token);
            return problem.Code == "compaction_running" ? null : throw new CommandFailedException(problem.Detail);
        }
        catch (JsonException broken)
        {
            throw new CommandFailedException($"The bank at {url} answered {method} {path} with something else: {broken.Message}", broken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new BankUnavailableException($"The bank at {url} can't be reached: {broken.Message}", null, broken);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BankUnavailableException($"The bank at {url} did not answer {method} {path} in time.", null, cancelled);
        }
    }

    private static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        return await JsonSerializer.DeserializeAsync(body, type, cancellationToken) ?? throw new JsonException("It is null.");
    }
}
