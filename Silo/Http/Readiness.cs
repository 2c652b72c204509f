using System.Globalization;
using Banking.Lake;
using Banking.Markets;
using Banking.Sink.Hosting;
using Banking.Streaming.Log;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Http;

/// <summary>
/// Ready is: the configured assets are listed, which takes storage, and every partition's sink answers, which takes log and lake. A silo that can't reach the log is
/// degraded and ready all the same: it answers players, whose events wait in their accounts. So is one whose metastore is away: files are committed without it.
/// </summary>
internal sealed class Readiness(
    MarketSeed markets,
    IGrainFactory grains,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    IOptions<LakeSinkOptions> lake,
    TimeProvider clock) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LogPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan CatalogPatience = TimeSpan.FromSeconds(2);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!markets.Done.IsCompleted) return HealthCheckResult.Unhealthy("The markets are not open yet.");
        try
        {
            var sinks = Enumerable.Range(0, log.LatestPartitionCount)
                .Select(p => grains.GetGrain<ISinkGrain>(p.ToString(CultureInfo.InvariantCulture)).GetStatus());
            var statuses = await Task.WhenAll(sinks).WaitAsync(Patience, clock, cancellationToken);
            if (statuses.FirstOrDefault(s => s.Refusal is not null) is { } refused) return HealthCheckResult.Unhealthy(refused.Refusal);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return await FindLogFailure(cancellationToken) is { } away
                ? HealthCheckResult.Degraded("The log can't be reached: players are answered, and their events wait.", away)
                : HealthCheckResult.Unhealthy("A sink does not answer.", e);
        }

        return await FindCatalogProblem(cancellationToken) is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy();
    }

    private async Task<string?> FindCatalogProblem(CancellationToken cancellationToken)
    {
        if (lake.Value.Hive is null) return null;
        try
        {
            var status = await grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).GetStatus().WaitAsync(CatalogPatience, clock, cancellationToken);
            return status.Failure ?? (status.Refusals is [var refusal, ..] ? refusal : null);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return $"The catalog does not answer: {e.Message}";
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
