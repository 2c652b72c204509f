using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Banking.Accounts;
using Banking.Client.Terminals;

namespace Banking.Client.Banks;

/// <summary>One line to the bank over HTTP; when idle it holds one request buffer, one answer buffer and one timer.</summary>
internal sealed class HttpBank(HttpMessageInvoker http, Uri url, TimeProvider time) : IBank
{
    private const int LongestAnswer = 64 * 1024;

    private readonly string _root = BankUrls.RootOf(url);
    private readonly ActionRequest _request = new();
    private readonly byte[] _answer = new byte[LongestAnswer];
    private CancellationTokenSource _attempt = new(Timeout.InfiniteTimeSpan, time);

    public async ValueTask<BankAnswer> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        var (method, path) = _request.Write(accountId, action);
        // Not disposed: that would dispose the body, which all requests share, and there is nothing else to dispose.
        var request = Create(method, path);
        if (method != HttpMethod.Delete) request.Content = _request.Content;
        request.Headers.TryAddWithoutValidation("Idempotency-Key", action.ActionId);
        var (status, retryAfter, replayed, length) = await SendAsync(request, cancellationToken);

        BankAnswer? answer;
        try
        {
            answer = HttpAnswer.Read(_answer.AsSpan(0, length), replayed);
        }
        catch (Exception broken) when (broken is JsonException or FormatException or InvalidOperationException)
        {
            answer = null;
        }

        if (answer is null && status == HttpStatusCode.Unauthorized) throw NotKnown();

        // A proxy's 503 and a dying server's 500 have none of our codes: whether the action ran is unknown.
        if (answer is not { } known)
            throw IsForNow(status) ? Unavailable(status, retryAfter) : new WrongAnswerException(
                $"{method} {path} was answered {(int)status} without a known code.");
        if (known.IsDone != ((int)status is >= 200 and < 300))
            throw new WrongAnswerException($"{method} {path} was answered {(int)status} with the code {ActionCodes.NameOf(known.Code)}.");
        return known;
    }

    public async ValueTask<AccountStatement?> GetStatementAsync(string accountId, CancellationToken cancellationToken)
    {
        using var request = Create(HttpMethod.Get, "/v1/accounts/" + Uri.EscapeDataString(accountId));
        var (status, retryAfter, _, length) = await SendAsync(request, cancellationToken);
        if (status == HttpStatusCode.NotFound) return null;
        return Read(status, retryAfter, request, length, BankJson.Default.AccountStatement);
    }

    public async ValueTask<IReadOnlyList<AssetPrice>> GetPricesAsync(CancellationToken cancellationToken)
    {
        using var request = Create(HttpMethod.Get, "/v1/assets");
        var (status, retryAfter, _, length) = await SendAsync(request, cancellationToken);
        return Read(status, retryAfter, request, length, BankJson.Default.AssetPriceArray);
    }

    public override string ToString() => _root;

    public void Dispose()
    {
        _request.Dispose();
        _attempt.Dispose();
    }

    private T Read<T>(
        HttpStatusCode status, TimeSpan? retryAfter, HttpRequestMessage request, int length, JsonTypeInfo<T> type)
    {
        if (status == HttpStatusCode.Unauthorized) throw NotKnown();
        if (IsForNow(status)) throw Unavailable(status, retryAfter);
        try
        {
            if (status == HttpStatusCode.OK && JsonSerializer.Deserialize(_answer.AsSpan(0, length), type) is { } value) return value;
        }
        catch (JsonException)
        {
            // Reported below, like any other answer that does not follow the contract.
        }

        throw new WrongAnswerException(
            $"{request.Method} {request.RequestUri!.PathAndQuery} was answered {(int)status} with a body that can't be read.");
    }

    private CommandFailedException NotKnown() => new(
        $"The bank at {_root} asks who calls, and does not take this key or token: set {BankKey.Variable} or --key-file.");

    private HttpRequestMessage Create(HttpMethod method, string path) => new(method, BankUrls.At(_root, path));

    private async ValueTask<(HttpStatusCode Status, TimeSpan? RetryAfter, bool Replayed, int Length)> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!_attempt.TryReset())
        {
            _attempt.Dispose();
            _attempt = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        }

        var attempt = _attempt;
        attempt.CancelAfter(HttpBankConnector.AttemptTimeout);
        using var registration = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), attempt);
        try
        {
            using var response = await http.SendAsync(request, attempt.Token);
            var length = await ReadBodyAsync(response, attempt.Token);
            return (response.StatusCode, response.Headers.RetryAfter?.Delta, response.Headers.Contains("Idempotency-Replayed"), length);
        }
        catch (OperationCanceledException late) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BankUnavailableException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The bank at {_root} did not answer within {HttpBankConnector.AttemptTimeout.TotalSeconds} s."), null, late);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new BankUnavailableException($"The bank at {_root} can't be reached: {broken.Message}", null, broken);
        }
    }

    private async ValueTask<int> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = 0;
        while (length < _answer.Length)
        {
            var read = await body.ReadAsync(_answer.AsMemory(length), cancellationToken);
            if (read == 0) return length;
            length += read;
        }

        throw new WrongAnswerException($"{response.RequestMessage?.RequestUri} was answered with more than {LongestAnswer} bytes.");
    }

    private static bool IsForNow(HttpStatusCode status) =>
        (int)status >= 500 || status is HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests;

    private BankUnavailableException Unavailable(HttpStatusCode status, TimeSpan? retryAfter) =>
        new($"The bank at {_root} answered {(int)status}.", retryAfter);
}
