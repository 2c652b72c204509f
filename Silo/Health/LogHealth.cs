using Banking.Accounts;
using Banking.Events;
using Banking.Streaming.Log;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Health;

/// <summary>
/// Whether the log can be reached and takes events. Players are answered even if it does not: their events wait in their accounts' records.
/// </summary>
internal sealed class LogHealth(
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    EventStreams events,
    IUnpublishedAccounts accounts,
    IOptions<AccountOptions> options,
    TimeProvider time) : IHealthPart
{
    public const string Key = "log";
    public const string AppendKey = "log/appends";

    private const int CountedAccounts = 1_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var away = await FindFailureAsync(log, MaxWait, time, cancellationToken);
        var outage = events.Outage;

        // The account that failed last may have no more events to try with, because it moved to another silo.
        var isRecent = outage is not null
            && time.GetUtcNow() - outage.LastAt < options.Value.MaxPublishBackoff + options.Value.SweepPeriod;
        if (away is null && !isRecent) return [];
        var waiting = await CountWaitingAsync(cancellationToken);
        List<Finding> found = [];
        if (away is not null)
            found.Add(
                new Finding(
                    Key, $"The log can't be reached: players are answered, and their events wait. {away.Message} {waiting}",
                    IsCritical: false, time.GetUtcNow()));
        if (isRecent)
            found.Add(
                new Finding(
                    AppendKey, $"The log does not take events: players are answered, and their events wait. {outage!.Reason} {waiting}",
                    IsCritical: false, outage.Since));
        return found;
    }

    /// <returns>Why the log can't be reached; null if it can.</returns>
    public static async Task<Exception?> FindFailureAsync(
        IPartitionedLog log, TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            // Before the log is open this throws at once; afterwards the broker is asked.
            var bounds = Enumerable.Range(0, log.PartitionCount).Select(p => log.GetBoundsAsync(p, cancellationToken).AsTask());
            await Task.WhenAll(bounds).WaitAsync(timeout, time, cancellationToken);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }

    private async Task<string> CountWaitingAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(MaxWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var count = 0;
        try
        {
            await foreach (var account in accounts.FindAsync(time.GetUtcNow() - options.Value.ClearPublishedAfter, either.Token))
            {
                if (++count == CountedAccounts) break;
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return count == 0 ? "How many wait can't be told now." : $"At least {count} accounts have some.";
        }

        return count < CountedAccounts ? $"{count} accounts have some." : $"{count} accounts or more have some.";
    }
}
