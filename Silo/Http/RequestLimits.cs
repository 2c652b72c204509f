using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using System.Threading.RateLimiting;
using Banking.Silo.Callers;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Banking.Silo.Http;

/// <summary>
/// How many requests are taken: of an address and in all before it is asked who calls, of a subject or an API key afterwards. Whoever asks
/// more is told when to come again. Thread-safe.
/// </summary>
internal sealed class RequestLimits(HttpLimits limits) : IDisposable
{
    // Of networks that are given to one customer.
    private const int NetworkBytes = 8;

    private static readonly IPAddress NoAddress = IPAddress.None;

    private readonly PartitionedRateLimiter<HttpContext> _arrivals = PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(http => AddressPartition(http.Connection.RemoteIpAddress, limits)),
        PartitionedRateLimiter.Create<HttpContext, bool>(http => UnderWayPartition(http.Request.Path, limits)));

    private readonly PartitionedRateLimiter<HttpContext> _callers =
        PartitionedRateLimiter.Create<HttpContext, (string Issuer, string Id)>(http => CallerPartition(http.User, limits));

    public static void AddTo(WebApplicationBuilder builder, HttpLimits limits)
    {
        builder.Services.AddRateLimiter(_ => { });
        builder.Services.AddSingleton(_ => new RequestLimits(limits));
        builder.WebHost.ConfigureKestrel(kestrel => Bound(kestrel.Limits, limits));
    }

    /// <summary>By address, and in all. Must come before the caller is asked who it is, which costs more than to refuse.</summary>
    public static void UseForArrivals(WebApplication app) =>
        app.UseRateLimiter(Options(app.Services.GetRequiredService<RequestLimits>()._arrivals));

    /// <summary>By subject and key. Must come after the caller was asked who it is.</summary>
    public static void UseForCallers(WebApplication app) =>
        app.UseRateLimiter(Options(app.Services.GetRequiredService<RequestLimits>()._callers));

    public void Dispose()
    {
        _arrivals.Dispose();
        _callers.Dispose();
    }

    private static void Bound(KestrelServerLimits kestrel, HttpLimits limits)
    {
        kestrel.MaxConcurrentConnections = limits.Connections;
        kestrel.RequestHeadersTimeout = limits.HeadersTimeout;
    }

    private static RateLimiterOptions Options(PartitionedRateLimiter<HttpContext> limiter) => new()
    {
        GlobalLimiter = limiter,
        RejectionStatusCode = StatusCodes.Status429TooManyRequests,
        OnRejected = static (rejected, _) => RefuseAsync(rejected.HttpContext, rejected.Lease),
    };

    private static ValueTask RefuseAsync(HttpContext http, RateLimitLease lease)
    {
        var seconds = lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Ceiling(wait.TotalSeconds) : 0;
        http.Response.Headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
        return new(NoSuchRoute.AnswerAsync(http, Problems.TooManyRequests));
    }

    private static RateLimitPartition<IPAddress> AddressPartition(IPAddress? address, HttpLimits limits) =>
        limits.PerAddress == 0 || address is null || IPAddress.IsLoopback(address) || IsMappedLoopback(address)
            ? RateLimitPartition.GetNoLimiter(NoAddress)
            : Bucket(NetworkOf(address), limits.PerAddress, limits.Burst);

    // A supervisor must hear how the silo is, however busy it is.
    private static RateLimitPartition<bool> UnderWayPartition(PathString path, HttpLimits limits) =>
        path.StartsWithSegments("/health", StringComparison.Ordinal)
            ? RateLimitPartition.GetNoLimiter(false)
            : RateLimitPartition.GetConcurrencyLimiter(true, _ => new() { PermitLimit = limits.UnderWay });

    private static RateLimitPartition<(string, string)> CallerPartition(ClaimsPrincipal user, HttpLimits limits)
    {
        if (user.FindFirst(CallerIdentity.KeyClaim) is { } key) return CallerPartition(("", key.Value), limits.PerKey, limits.Burst);
        if (user.FindFirst(CallerIdentity.SubjectClaim) is not { } subject) return RateLimitPartition.GetNoLimiter(("", ""));
        var issuer = user.FindFirst(CallerIdentity.IssuerClaim)?.Value ?? "";
        return CallerPartition((issuer, subject.Value), limits.PerSubject, limits.Burst);
    }

    private static RateLimitPartition<(string, string)> CallerPartition((string, string) caller, int rate, TimeSpan burst) =>
        rate > 0 ? Bucket(caller, rate, burst) : RateLimitPartition.GetNoLimiter(("", ""));

    private static RateLimitPartition<TKey> Bucket<TKey>(TKey key, int rate, TimeSpan burst) =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = (int)(rate * burst.TotalSeconds),
            TokensPerPeriod = rate,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            AutoReplenishment = true,
        });

    private static bool IsMappedLoopback(IPAddress address) =>
        address.IsIPv4MappedToIPv6 && IPAddress.IsLoopback(address.MapToIPv4());

    private static IPAddress NetworkOf(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
