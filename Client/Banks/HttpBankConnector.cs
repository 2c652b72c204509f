using System.Net;

namespace Banking.Client.Banks;

/// <summary>The bank's HTTP API, at one or several silos of a cluster. All lines share one pool of connections.</summary>
/// <param name="key">For a bank that asks who calls; null for none.</param>
internal sealed class HttpBankConnector(IReadOnlyList<Uri> urls, TimeProvider time, string? key = null) : IBankConnector
{
    private readonly HttpMessageInvoker _http = BankKey.CreateHttp(key);
    private readonly SiloChoice _choice = new(urls.Count, time);

    /// <summary>How long one request may take before its outcome counts as unknown.</summary>
    public static TimeSpan AttemptTimeout => TimeSpan.FromSeconds(30);

    public IBank Open() => urls is [var only]
        ? new HttpBank(_http, only, time)
        : new FailoverBank([.. urls.Select(url => new HttpBank(_http, url, time))], _choice, _choice.NextHome(), time);

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A handler that adds nothing to a request on its own.</summary>
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
