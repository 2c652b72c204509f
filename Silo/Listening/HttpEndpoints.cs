using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Silo.Starting;

namespace Banking.Silo.Listening;

/// <summary>A place where HTTP listens, read as Kestrel reads it.</summary>
/// <param name="Setting">Its setting, as it is written on the command line.</param>
/// <param name="Address">Its URL.</param>
internal sealed record HttpEndpoint(string Setting, BindingAddress Address)
{
    /// <summary>The addresses of this machine on which it listens. For a name but <c>localhost</c> Kestrel takes all.</summary>
    public IReadOnlyList<IPAddress> Addresses =>
        IsLocalhost ? Socket.OSSupportsIPv6 ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : [IPAddress.Loopback]
        : IPAddress.TryParse(Address.Host, out var address) ? [address]
        : [Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any];

    public bool IsLocalhost => Address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase);

    public bool IsLoopback => Addresses.All(IPAddress.IsLoopback);

    public bool IsHttps => Address.Scheme == Uri.UriSchemeHttps;

    public string Url => $"{Address.Scheme}://{Address.Host}:{Address.Port}";
}

/// <summary>
/// Where HTTP listens: <c>Kestrel:Endpoints</c>, or else <c>--urls</c>, which are then made to such endpoints. So there is one list of
/// them, Kestrel loads their certificates again when the files change, and the ports of <c>HTTP_PORTS</c>, which mean all addresses and
/// which container images set, are not used.
/// </summary>
internal static class HttpEndpoints
{
    /// <summary>What is wrong with an address beyond the loopback while nobody has to show who they are.</summary>
    public const string Reachable =
        "is reachable from other machines, and there is no authentication: listen on 127.0.0.1, or set Banking:Auth.";

    private const string Section = "Kestrel:Endpoints";
    private const string OfUrls = "Urls";

    /// <summary>Makes the URLs to endpoints, and takes from the server every other idea of where to listen.</summary>
    /// <exception cref="StartException">An endpoint is malformed, or others can reach it who must not.</exception>
    public static void Settle(IConfigurationManager configuration, HttpSettings http, bool hasAuthentication)
    {
        if (!configuration.GetSection(Section).Exists())
        {
            var urls = (configuration[WebHostDefaults.ServerUrlsKey] ?? BankingApplication.DefaultUrl)
                .Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            Check(urls.Length > 0, "--urls is empty: it must be a URL to listen on.");
            configuration.AddInMemoryCollection(
                urls.Select((url, at) => KeyValuePair.Create($"{Section}:{OfUrls}{at}:Url", (string?)url)));
        }

        foreach (var unused in new[] { WebHostDefaults.ServerUrlsKey, WebHostDefaults.HttpPortsKey, WebHostDefaults.HttpsPortsKey })
            configuration[unused] = "";
        CheckAll(configuration, http, hasAuthentication);
    }

    /// <exception cref="StartException">An endpoint is malformed, or others can reach it who must not.</exception>
    public static void CheckAll(IConfiguration configuration, HttpSettings http, bool hasAuthentication)
    {
        foreach (var endpoint in Of(configuration)) Check(endpoint, http, hasAuthentication);
    }

    /// <exception cref="StartException">One is malformed.</exception>
    public static IEnumerable<HttpEndpoint> Of(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection(Section).GetChildren())
        {
            // Kestrel itself refuses one without a URL.
            if (endpoint["Url"] is not { } url) continue;
            BindingAddress? address = null;
            try
            {
                address = BindingAddress.Parse(url);
            }
            catch (FormatException)
            {
                // As one that has more than an address.
            }

            Check(
                address is { IsUnixPipe: false, IsNamedPipe: false, PathBase.Length: 0, Scheme: "http" or "https" },
                $"'{url}' is no URL to listen on.");
            var isOfUrls = endpoint.Key.StartsWith(OfUrls, StringComparison.Ordinal);
            yield return new(isOfUrls ? "--urls" : $"--{endpoint.Path}:Url", address!);
        }
    }

    private static void Check(HttpEndpoint endpoint, HttpSettings http, bool hasAuthentication)
    {
        Check(
            endpoint.Address.Port != 0 || !endpoint.IsLocalhost,
            $"{endpoint.Setting}: localhost is two addresses, and port 0 would be two ports: write http://127.0.0.1:0.");
        if (endpoint.IsLoopback) return;
        Check(hasAuthentication, $"{endpoint.Setting} {endpoint.Url} {Reachable}");
        Check(
            endpoint.IsHttps || http.BehindProxy,
            $"{endpoint.Setting} {endpoint.Url} is reachable from other machines, and everything could be read on its way: take https, or "
                + "set Banking:Http:BehindProxy where a proxy of yours does.");
    }

    private static void Check([DoesNotReturnIf(false)] bool ok, string sentence)
    {
        if (!ok) throw new StartException(sentence);
    }
}
