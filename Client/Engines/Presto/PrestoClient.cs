using System.Net;
using System.Text.Json;
using Banking.Client.Banks;
using Banking.Client.Terminals;
using Polly;
using Polly.Retry;

namespace Banking.Client.Engines.Presto;

/// <summary>
/// The statement protocol over HTTP. A page may be requested again as often as necessary; a statement is sent again only if the coordinator
/// had not accepted it.
/// </summary>
internal sealed class PrestoClient : IDisposable
{
    // About 26 s with the pauses below. For the first request about 3 s, as somebody waits and the address may be wrong.
    private const int Retries = 10;
    private const int RetriesToBegin = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    // A page that is not ready is answered within a second or so; a large one takes longer.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CancelTimeout = TimeSpan.FromSeconds(3);

    private readonly PrestoServer _server;
    private readonly TimeProvider _time;
    private readonly HttpMessageInvoker _http;
    private readonly ResiliencePipeline _sending;
    private readonly ResiliencePipeline _paging;

    public PrestoClient(PrestoServer server, TimeProvider time)
    {
        _server = server;
        _time = time;
        var handler = HttpBankConnector.CreateHandler();
        if (!server.Url.IsLoopback) handler.AutomaticDecompression = DecompressionMethods.GZip;
        _http = new HttpMessageInvoker(handler);
        _sending = Retrying(time, RetriesToBegin, away => away.NotTaken);
        _paging = Retrying(time, Retries, _ => true);
    }

    /// <summary>Starts a statement.</summary>
    /// <remarks>Once it is sent, cancellation waits for the answer for a while, as only the answer tells what to cancel there.</remarks>
    /// <exception cref="CommandFailedException">Presto can't be reached, refuses the user, or the server is not Presto.</exception>
    public async Task<PrestoPage> SendAsync(string sql, CancellationToken cancellationToken)
    {
        try
        {
            return await _sending.ExecuteAsync(
                async token =>
                {
                    token.ThrowIfCancellationRequested();
                    using var timeout = new CancellationTokenSource(AttemptTimeout, _time);
                    await using var hurry = token.UnsafeRegister(
                        static source => ((CancellationTokenSource)source!).CancelAfter(CancelTimeout), timeout);
                    using var request = new HttpRequestMessage(
                        HttpMethod.Post, new Uri(_server.Url, "v1/statement"))
                    { Content = new StringContent(sql) };
                    request.Headers.Add("X-Presto-User", _server.User);
                    request.Headers.Add("X-Presto-Source", "banking");
                    request.Headers.Add("X-Presto-Catalog", _server.Catalog);
                    request.Headers.Add("X-Presto-Schema", _server.Schema);
                    // A timestamp without a zone is shown in the session's zone; the lake's are UTC.
                    request.Headers.Add("X-Presto-Time-Zone", "UTC");
                    return await AskAsync(request, timeout.Token, token);
                },
                cancellationToken);
        }
        catch (PrestoAwayException away)
        {
            throw new CommandFailedException(away.Message, away);
        }
    }

    /// <exception cref="CommandFailedException">Presto can't be reached any more, or no longer knows the query.</exception>
    public async Task<PrestoPage> FetchAsync(Uri page, CancellationToken cancellationToken)
    {
        try
        {
            return await _paging.ExecuteAsync(
                async token =>
                {
                    using var late = new CancellationTokenSource(AttemptTimeout, _time);
                    using var attempt = CancellationTokenSource.CreateLinkedTokenSource(late.Token, token);
                    using var request = new HttpRequestMessage(HttpMethod.Get, page);
                    return await AskAsync(request, attempt.Token, token);
                },
                cancellationToken);
        }
        catch (PrestoAwayException away)
        {
            throw new CommandFailedException(away.Message, away);
        }
    }

    /// <summary>Cancels a query whose answers nobody wants any more.</summary>
    /// <returns>A sentence if that could not be done; null if it could.</returns>
    public async Task<string?> CancelAsync(Uri page)
    {
        using var late = new CancellationTokenSource(CancelTimeout, _time);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Delete, page);
            using var response = await SendAsync(request, late.Token, CancellationToken.None);
            // Gone means that it has ended already.
            return (int)response.StatusCode is (>= 200 and < 300) or 404 or 410 ? null : NotCancelled(
                $"it answered with {(int)response.StatusCode}");
        }
        catch (PrestoAwayException away)
        {
            return NotCancelled(away.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private static string NotCancelled(string why) =>
        $"The query could not be cancelled, and Presto ends it when nobody asks for its rows for some minutes: {why}";

    private static ResiliencePipeline Retrying(TimeProvider time, int retries, Func<PrestoAwayException, bool> again) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle(again),
                BackoffType = DelayBackoffType.Exponential,
                Delay = FirstPause,
                MaxDelay = LongestPause,
                MaxRetryAttempts = retries,
            })
            .Build();

    private async Task<PrestoPage> AskAsync(HttpRequestMessage request, CancellationToken attempt, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(request, attempt, cancellationToken);
        try
        {
            if (response.StatusCode != HttpStatusCode.OK) throw await PrestoRefusals.OfAsync(_server, request, response, attempt);
            if (response.Content.Headers.ContentType?.MediaType is var type && type != "application/json")
            {
                throw PrestoRefusals.NotPresto(_server, $"answered {request.Method} with {type ?? "nothing"}");
            }
            await using var body = await response.Content.ReadAsStreamAsync(attempt);
            return await JsonSerializer.DeserializeAsync(body, PrestoJson.Default.PrestoPage, attempt) ?? throw new JsonException(
                "It is null.");
        }
        catch (JsonException broken)
        {
            throw PrestoRefusals.NotPresto(_server, $"answered {request.Method} with other JSON than a query's ({broken.Message})", broken);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new PrestoAwayException($"Presto at {_server.Url} broke off its answer: {broken.Message}", NotTaken: false, broken);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PrestoAwayException($"Presto at {_server.Url} did not answer in time.", NotTaken: false, cancelled);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken attempt, CancellationToken cancellationToken)
    {
        if (_server.Credentials is { } credentials)
        {
            if (!SameOrigin(request.RequestUri!))
            {
                throw new CommandFailedException(
                    $"Presto at {_server.Url} sends on to {request.RequestUri!.GetLeftPart(UriPartial.Authority)}, and the password is "
                        + "only for the first.");
            }
            request.Headers.Authorization = new("Basic", credentials);
        }

        request.Headers.UserAgent.Add(new("banking", null));
        try
        {
            return await _http.SendAsync(request, attempt);
        }
        catch (HttpRequestException broken)
        {
            var notTaken = broken.HttpRequestError is HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError;
            var message = $"Presto at {_server.Url} can't be reached: {broken.InnerException?.Message ?? broken.Message}";
            // A certificate that is not trusted will not be trusted later.
            if (broken.HttpRequestError == HttpRequestError.SecureConnectionError) throw new CommandFailedException(message, broken);
            throw new PrestoAwayException(message, notTaken, broken);
        }
        catch (OperationCanceledException cancelled) when (!cancellationToken.IsCancellationRequested)
        {
            throw new PrestoAwayException($"Presto at {_server.Url} did not answer in time.", NotTaken: false, cancelled);
        }
    }

    private bool SameOrigin(Uri other) =>
        Uri.Compare(_server.Url, other, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
