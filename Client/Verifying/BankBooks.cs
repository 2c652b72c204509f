using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Banking.Client.Banks;
using Banking.Client.Terminals;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Banking.Client.Verifying;

/// <summary>The bank's books over HTTP; an unavailable bank is waited for, for a while.</summary>
internal sealed class BankBooks : IDisposable
{
    private const int PageSize = 1_000;

    // A flush waits for files to be written, so it takes longer than the network needs. It goes to a silo that has just answered.
    private static readonly TimeSpan AttemptTimeout = TimeSpan.FromMinutes(5);

    // A page waits only for storage, and another silo can read the same.
    private static readonly TimeSpan PageTimeout = TimeSpan.FromSeconds(30);

    private readonly HttpMessageInvoker _http;
    private readonly IReadOnlyList<Uri> _urls;
    private readonly SiloChoice _choice;
    private readonly TimeProvider _time;
    private readonly AnswerWatch? _watch;
    private readonly ResiliencePipeline _retrying;

    /// <param name="urls">The bank's silos; if one does not answer, the next takes its place, even between two pages.</param>
    /// <param name="watch">Is told about questions and answers.</param>
    /// <param name="giveUpAfter">How long a question is asked again after its first failure; counted separately for each question.</param>
    public BankBooks(IReadOnlyList<Uri> urls, TimeSpan giveUpAfter, TimeProvider time, AnswerWatch? watch = null, string? key = null)
    {
        _watch = watch;
        _urls = urls;
        _choice = new SiloChoice(urls.Count, time);
        _time = time;
        _http = BankKey.CreateHttp(key);
        _retrying = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(giveUpAfter)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<BankUnavailableException>(),
                BackoffType = DelayBackoffType.Constant,
                Delay = TimeSpan.FromMilliseconds(500),
                MaxRetryAttempts = int.MaxValue,
            })
            .Build();
    }

    /// <summary>All accounts that were ever opened, in the order of their ids.</summary>
    /// <exception cref="CommandFailedException">The bank can't be reached, or gives an unexpected answer.</exception>
    public async IAsyncEnumerable<LedgerLine> ReadLedgersAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var path = $"/v1/ledgers?limit={PageSize}" + (after is null ? "" : "&after=" + Uri.EscapeDataString(after));
            var page = await AskAsync(HttpMethod.Get, path, cancellationToken);
            foreach (var ledger in page!.Ledgers) yield return ledger;
            if (page.Next is not null && page.Next == after)
            {
                throw new CommandFailedException($"The bank at {string.Join(", ", _urls)} gives the page after {after} without end.");
            }
            after = page.Next;
        }
        while (after is not null);
    }

    /// <summary>Returns when everything acknowledged before can be read in the lake.</summary>
    /// <exception cref="CommandFailedException">The bank can't be reached, or can't flush.</exception>
    public async Task FlushAsync(CancellationToken cancellationToken) =>
        await AskAsync(HttpMethod.Post, "/v1/lake/flush", cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<LedgerPage?> AskAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        // A flush takes as long as it needs: only one that has failed counts as a wait without an answer.
        if (method == HttpMethod.Get) _watch?.Asked();
        try
        {
            var page = await AskAgainAsync(method, path, cancellationToken);
            _watch?.Answered();
            return page;
        }
        catch (Exception)
        {
            _watch?.GivenUp();
            throw;
        }
    }

    private async Task<LedgerPage?> AskAgainAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        // The first attempt does not count towards the time to give up: a bank that is available may take as long as it needs.
        BankUnavailableException last;
        try
        {
            return await AskAroundAsync(method, path, cancellationToken);
        }
        catch (BankUnavailableException away)
        {
            last = away;
            _watch?.Failed(away.Message);
            _watch?.Asked();
        }

        try
        {
            return await _retrying.ExecuteAsync(
                async token =>
                {
                    try
                    {
                        return await AskAroundAsync(method, path, token);
                    }
                    catch (BankUnavailableException away)
                    {
                        last = away;
                        _watch?.Failed(away.Message);
                        throw;
                    }
                },
                cancellationToken);
        }
        catch (TimeoutRejectedException)
        {
            throw new CommandFailedException(last.Message, last);
        }
    }

    private ValueTask<LedgerPage?> AskAroundAsync(HttpMethod method, string path, CancellationToken cancellationToken) =>
        _choice.AskAsync(0, silo => AskOnceAsync(_urls[silo], method, path, cancellationToken));

    private async ValueTask<LedgerPage?> AskOnceAsync(Uri url, HttpMethod method, string path, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(_urls.Count > 1 && method == HttpMethod.Get ? PageTimeout : AttemptTimeout, _time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(method, BankUrls.At(url, path));
            using var response = await _http.SendAsync(request, attempt.Token);
            if ((int)response.StatusCode >= 500)
            {
                throw new BankUnavailableException($"The bank at {url} answered {method} {path} with {(int)response.StatusCode}.");
            }
            if (response.StatusCode != HttpStatusCode.OK)
            {
                throw new CommandFailedException($"The bank at {url} answered {method} {path} with {(int)response.StatusCode}.");
            }
            if (method == HttpMethod.Post) return null;
            await using var body = await response.Content.ReadAsStreamAsync(attempt.Token);
            return await JsonSerializer.DeserializeAsync(body, VerifyJson.Default.LedgerPage, attempt.Token);
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
}
