using System.Net;

namespace Banking.Client.Banks;

/// <summary>The bank's HTTP API. All lines share one pool of connections.</summary>
internal sealed class HttpBankConnector(Uri url, TimeProvider time) : IBankConnector
{
    private readonly HttpMessageInvoker _http = new(CreateHandler());

    /// <summary>How long one request may take before its outcome counts as unknown.</summary>
    public static TimeSpan AttemptTimeout => TimeSpan.FromSeconds(30);

    public IBank Open() => new HttpBank(_http, url, time);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A handler that adds nothing to a request that was not asked for.</summary>
    public static SocketsHttpHandler CreateHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = TimeSpan.FromSeconds(5),
    };
}
