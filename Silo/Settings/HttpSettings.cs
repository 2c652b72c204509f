using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Network = System.Net.IPNetwork;

namespace Banking.Silo.Settings;

/// <summary>The HTTP API.</summary>
internal sealed class HttpSettings : ISiloSettings
{
    public static string Section => "Banking:Http";

    /// <summary>
    /// The origins of other pages that may call the API, such as <c>https://game.example</c>, separated by commas; empty for none. Browsers
    /// may also ask for their hosts, which are those of a reverse proxy. Never <c>*</c>: any page opened on this machine could play with
    /// every account.
    /// </summary>
    public string? CorsOrigins { get; set; } = "";

    /// <summary>
    /// Whether a reverse proxy takes the requests and ends their TLS: plain HTTP is then allowed beyond the loopback, and what
    /// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> say is believed of <see cref="KnownProxies"/>.
    /// </summary>
    public bool BehindProxy { get; set; }

    /// <summary>The proxies' addresses and networks, such as <c>10.0.0.7,10.1.0.0/16</c>, separated by commas.</summary>
    public string? KnownProxies { get; set; } = "";

    /// <summary>How much is taken.</summary>
    public HttpLimits Limits { get; } = new();

    /// <summary>The origins, one by one.</summary>
    internal string[] Origins() => Split(CorsOrigins);

    /// <summary>How the proxies' headers are read: the first address from the right that is no proxy's is the caller's.</summary>
    internal ForwardedHeadersOptions Forwarding()
    {
        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto,
            ForwardLimit = null,
        };
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in Split(KnownProxies)) options.KnownIPNetworks.Add(NetworkOf(proxy)!.Value);
        return options;
    }

    public string? Problem() =>
        Origins().FirstOrDefault(origin => !IsOrigin(origin)) is { } wrong
            ? $"{Section}:CorsOrigins has '{wrong}': it must be origins as a browser sends them, https://host or http://host:port, "
                + "separated by commas."
        : Split(KnownProxies).FirstOrDefault(proxy => NetworkOf(proxy) is null) is { } unknown
            ? $"{Section}:KnownProxies has '{unknown}': it must be addresses such as 10.0.0.7 or networks such as 10.1.0.0/16, separated "
                + "by commas."
        : BehindProxy && Split(KnownProxies).Length == 0
            ? $"{Section}:BehindProxy needs {Section}:KnownProxies: only of these it is believed who calls."
        : Limits.Problem($"{Section}:Limits");

    private static string[] Split(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && uri.GetLeftPart(UriPartial.Authority) == origin;

    private static Network? NetworkOf(string proxy) =>
        Network.TryParse(proxy, out var network) ? network
        : IPAddress.TryParse(proxy, out var address) ? new Network(address, address.GetAddressBytes().Length * 8)
        : null;
}
