using System.Globalization;
using Banking.Lake;
using Banking.Markets;
using Banking.Streaming.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Http;

/// <summary>
/// Ready is: the configured assets are listed, which takes storage, and every partition's sink answers. A silo that can't reach log or lake is degraded and ready all the
/// same: it answers players, whose events wait in their accounts or in the log.
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
            if (statuses.FirstOrDefault(s => s.Refusal is not null) is { } refused) return HealthCheckResult.Unhealthy(refused.Refusal);
            if (statuses.FirstOrDefault(s => s.Failure is not null) is not { } failing) return HealthCheckResult.Healthy();
            return await FindLogFailure(cancellationToken) is { } away
                ? LogIsAway(away)
                : HealthCheckResult.Degraded($"The lake takes nothing: players are answered, and their events wait. {failing.Failure}");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return await FindLogFailure(cancellationToken) is { } away
                ? LogIsAway(away)
                : HealthCheckResult.Unhealthy("A sink does not answer.", e);
        }
    }

    private static HealthCheckResult LogIsAway(Exception cause) =>
        HealthCheckResult.Degraded("The log can't be reached: players are answered, and their events wait.", cause);

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
