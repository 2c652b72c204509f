using System.Globalization;
using Banking.Lake;
using Banking.Markets;
using Banking.Streaming.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Http;

/// <summary>Ready is: the configured assets are listed, which takes storage, and every partition's sink answers, which takes log and lake.</summary>
internal sealed class Readiness(
    MarketSeed markets,
    IGrainFactory grains,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!markets.Done.IsCompleted) return HealthCheckResult.Unhealthy("The markets are not open yet.");
        try
        {
            var sinks = Enumerable.Range(0, log.PartitionCount)
                .Select(p => grains.GetGrain<ISinkGrain>(p.ToString(CultureInfo.InvariantCulture)).GetStatus());
            var statuses = await Task.WhenAll(sinks).WaitAsync(Patience, clock, cancellationToken);
            return statuses.FirstOrDefault(s => s.Refusal is not null) is { } refused ? HealthCheckResult.Unhealthy(refused.Refusal) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy("A sink does not answer.", e);
        }
    }
}
