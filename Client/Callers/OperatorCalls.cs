using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Banking.Client.Banks;
using Banking.Client.Terminals;

namespace Banking.Client.Callers;

/// <summary>Single calls of the bank's HTTP API for operators.</summary>
internal sealed class OperatorCalls(Uri url, Terminal terminal) : IDisposable
{
    private readonly HttpMessageInvoker _http = BankKey.CreateHttp(BankKey.Of(terminal));

    /// <exception cref="CommandFailedException">The bank refuses, or can't be reached.</exception>
    public async Task<T> AskAsync<T>(
        HttpMethod method, string path, HttpContent? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(HttpBankConnector.AttemptTimeout, terminal.Time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        using var request = new HttpRequestMessage(method, BankUrls.At(url, path)) { Content = body };
        try
        {
            using var response = await _http.SendAsync(request, attempt.Token);
            await using var reply = await response.Content.ReadAsStreamAsync(attempt.Token);
            if (response.IsSuccessStatusCode)
                return await JsonSerializer.DeserializeAsync(reply, type, attempt.Token) ?? throw new JsonException("It is null.");
            if (response.Content.Headers.ContentType?.MediaType != "application/problem+json")
                throw new CommandFailedException($"The bank at {url} answered {method} {path} with {(int)response.StatusCode}.");
            var problem = await JsonSerializer.DeserializeAsync(reply, OperatorJson.Default.OperatorProblem, attempt.Token);
            throw new CommandFailedException(problem?.Detail ?? $"The bank at {url} refused.");
        }
        catch (JsonException broken)
        {
            throw new CommandFailedException($"The bank at {url} answered with something else: {broken.Message}", broken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new CommandFailedException($"The bank at {url} can't be reached: {broken.Message}", broken);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new CommandFailedException($"The bank at {url} did not answer in time: whether it was done is not known.", cancelled);
        }
    }

    public void Dispose() => _http.Dispose();
}

internal sealed record OperatorProblem(string Detail);

internal sealed record NewKey(string Name, string Role, DateTimeOffset? ExpiresAt);

internal sealed record MadeKey(string Id, string Key);

internal sealed record KnownKey(
    string Id, string Name, string Role, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, string? CreatedBy);

internal sealed record KnownKeys(IReadOnlyList<KnownKey> Keys);

internal sealed record NewOwner(string Issuer, string Subject);

internal sealed record Assigned(long SequenceNumber);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(OperatorProblem))]
[JsonSerializable(typeof(NewKey))]
[JsonSerializable(typeof(MadeKey))]
[JsonSerializable(typeof(KnownKey))]
[JsonSerializable(typeof(KnownKeys))]
[JsonSerializable(typeof(NewOwner))]
[JsonSerializable(typeof(Assigned))]
internal sealed partial class OperatorJson : JsonSerializerContext;
