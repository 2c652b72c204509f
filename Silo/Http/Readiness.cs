using System.Globalization;
using Banking.Lake;
using Banking.Markets;
using Banking.Streaming.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Http;

/// <summary>
/// Ready is: the configured assets are listed, which takes storage, and every partition's sink answers, which takes log and lake. A silo that can't reach the log is
/// degraded and ready all the same: it answers players, whose events wait in their accounts.
/// </summary>
internal sealed class Readiness(
    MarketSeed markets,
    IGrainFactory grains,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!markets.Done.IsCompleted) return HealthCheckResult.Unhealthy("The markets are not open yet.");
        try
        {
            var sinks = Enumerable.Range(0, log.LatestPartitionCount)
                .Select(p => grains.GetGrain<ISinkGrain>(p.ToString(CultureInfo.InvariantCulture)).GetStatus());
            var statuses = await Task.WhenAll(sinks).WaitAsync(Patience, clock, cancellationToken);
            return statuses.FirstOrDefault(s => s.Refusal is not null) is { } refused ? HealthCheckResult.Unhealthy(refused.Refusal) : HealthCheckResult.Healthy();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return await FindLogFailure(cancellationToken) is { } away
                ? HealthCheckResult.Degraded("The log can't be reached: players are answered, and their events wait.", away)
                : HealthCheckResult.Unhealthy("A sink does not answer.", e);
        }
    }

    private async Task<Exception?> FindLogFailure(CancellationToken cancellationToken)
    {
        try
        {
            // Before the log is open that throws at once; afterwards the broker is asked.
            var bounds = Enumerable.Range(0, log.PartitionCount).Select(p => log.GetBoundsAsync(p, cancellationToken).AsTask());
            await Task.WhenAll(bounds).WaitAsync(LogPatience, clock, cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }
}
