using Banking.Markets;

namespace Banking.Silo.Health;

/// <summary>Whether the configured assets are listed: before that, nobody can trade.</summary>
internal sealed class MarketsHealth(InitialMarkets markets, TimeProvider time) : IHealthPart
{
    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Finding>>(
        markets.Done.IsCompletedSuccessfully
            ? []
            : [new Finding("markets", "The markets are not open yet.", IsCritical: true, time.GetUtcNow())]);
}
