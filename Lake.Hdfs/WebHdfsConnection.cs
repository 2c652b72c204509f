using System.Net;
using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography.X509Certificates;
using Banking.Lake.Store;
using Polly;
using Polly.Retry;

namespace Banking.Lake.Hdfs;

/// <summary>
/// Calls name nodes and data nodes, each call within its timeout. If a name node is unavailable, on standby, or asks to try later, the next
/// one is called. Safe for concurrent use.
/// </summary>
internal sealed class WebHdfsConnection : IDisposable
{
    private const string Prefix = "webhdfs/v1";
    private readonly WebHdfsOptions _options;
    private readonly TimeProvider _time;
    private readonly NameNodes _nodes;
    private readonly HttpClient _http;
    private readonly ResiliencePipeline _retry;
    private readonly string _identity;

    public WebHdfsConnection(WebHdfsAddress address, WebHdfsOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _nodes = new NameNodes(address.NameNodes);
        _identity = options switch
        {
            { DelegationToken: { } token } => "&delegation=" + Uri.EscapeDataString(token),
            { User: { } user } => "&user.name=" + Uri.EscapeDataString(user),
            _ => "",
        };
        _http = new HttpClient(HandlerFor(address, options)) { Timeout = Timeout.InfiniteTimeSpan };
        _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<HdfsAwayException>(),
            MaxRetryAttempts = options.Retries,
            BackoffType = DelayBackoffType.Exponential,
            Delay = options.RetryDelay,
            MaxDelay = TimeSpan.FromSeconds(2),
            UseJitter = true,
        }).Build();
    }

    internal static SocketsHttpHandler HandlerFor(WebHdfsAddress address, WebHdfsOptions options) => new()
    {
        // Redirects are followed by hand, and the body is sent only to their target.
        AllowAutoRedirect = false,

        // The environment's proxy (http_proxy) is for remote hosts. The data nodes of a name node on this machine are near, whatever their
        // names.
        UseProxy = !address.NameNodes.Any(node => node.IsLoopback),
        UseCookies = options.Kerberos,
        Credentials = options.Kerberos ? CredentialCache.DefaultCredentials : null,
        SslOptions = { CertificateChainPolicy = PolicyOf(options.TrustedRoots) },
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        ConnectTimeout = options.ConnectTimeout,
        ConnectCallback = static (context, token) => ConnectAsync(context.DnsEndPoint, token),
    };

    /// <summary>Retries while the call throws <see cref="HdfsAwayException"/>; the call must do no harm if it is made twice.</summary>
    public ValueTask<T> RetryAsync<T>(Func<CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken) =>
        _retry.ExecuteAsync(call, cancellationToken);

    /// <summary>Asks a name node once.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="query">Further parameters, encoded, each with <c>&amp;</c> before it.</param>
    /// <param name="read">Reads a success or a redirect.</param>
    /// <exception cref="HdfsException">The call was refused.</exception>
    /// <exception cref="HdfsAwayException">The node is unavailable; the work may have been done.</exception>
    public async Task<T> AskAsync<T>(
        HttpMethod method, string operation, string path, string query, Func<HttpResponseMessage, string, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        var node = _nodes.Current;
        var uri = new Uri(node, $"{Prefix}{HdfsPath.Encode(path)}?op={operation}{_identity}{query}");
        try
        {
            using var request = new HttpRequestMessage(method, uri) { Content = ContentOf(method) };
            return await SendAsync(request, $"{operation} {path} at {node.Authority}", _options.RequestTimeout, read, cancellationToken);
        }
        catch (HdfsAwayException)
        {
            _nodes.Leave(node);
            throw;
        }
    }

    /// <summary>Calls the address that a name node pointed to, without a body.</summary>
    public async Task<T> FollowAsync<T>(
        HttpMethod method, Uri location, string what, Func<HttpResponseMessage, string, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, location) { Content = ContentOf(method) };
        return await SendAsync(request, $"{what} at {location.Authority}", _options.RequestTimeout, read, cancellationToken);
    }

    /// <summary>Writes to the address that a name node pointed to.</summary>
    /// <returns>How many bytes were sent.</returns>
    public async Task<long> UploadAsync(
        Uri location, string what, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        using var content = new UploadContent(write);
        using var request = new HttpRequestMessage(HttpMethod.Put, location) { Content = content };

        // A refusal then comes before the body is sent, instead of a connection that is cut meanwhile.
        request.Headers.ExpectContinue = true;
        var sent = await SendAsync(
            request, $"{what} at {location.Authority}", _options.UploadTimeout, (_, _, _) => Task.FromResult(content.Written),
            cancellationToken);
        if (content.Failure is { } failure) ExceptionDispatchInfo.Throw(failure);
        return sent;
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(DnsEndPoint peer, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            DeadPeers.Watch(socket);
            await socket.ConnectAsync(peer, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // Some proxies require a length for a PUT without a body.
    private static ByteArrayContent? ContentOf(HttpMethod method) => method == HttpMethod.Put ? new ByteArrayContent([]) : null;

    private static X509ChainPolicy? PolicyOf(X509Certificate2Collection? roots)
    {
        if (roots is null) return null;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    private async Task<T> SendAsync<T>(
        HttpRequestMessage request, string what, TimeSpan timeout, Func<HttpResponseMessage, string, CancellationToken, Task<T>> read,
        CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (!response.IsSuccessStatusCode && !HdfsAnswer.IsRedirect(response))
            {
                throw await HdfsAnswer.FailureAsync(response, what, either.Token);
            }
            return await read(response, what, either.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HdfsAwayException(
                timer.IsCancellationRequested
                    ? $"{what}: no answer within {timeout}."
                    : $"{what}: no connection within {_options.ConnectTimeout}.",
                e);
        }
        catch (Exception e) when (e is HttpRequestException or HttpIOException or SocketException)
        {
            throw new HdfsAwayException($"{what}: {e.Message}", e);
        }
    }
}
