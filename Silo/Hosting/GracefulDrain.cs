using Banking.Gate;
using Banking.Silo.Cluster;
using Banking.Silo.Health;
using Banking.Silo.Lake;
using Banking.Silo.Recovery;
using Banking.Silo.Settings;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Hosting;

/// <summary>
/// Runs between the last request and the end of the silo: brings everything acknowledged into the lake, unless other silos stay and take
/// over this one's accounts and partitions. It is registered after the silo and so stopped before it, but after the HTTP server, which
/// stops first of all and in bounded time. What can't be brought in, or is not registered in the catalog, is reported and waits for the
/// next start.
/// </summary>
/// <param name="flush">Brings everything into the lake.</param>
/// <param name="lake">Tells how far the lake has got.</param>
/// <param name="bank">Notes in the database how far the log reaches.</param>
/// <param name="gate">Whether the database is known to belong to the log.</param>
/// <param name="stop">How long it may take: if the log or the lake is unavailable, it would take for ever.</param>
/// <param name="time">For the timeouts.</param>
/// <param name="logger">Reports how it ended.</param>
/// <param name="lease">This silo's lease in its cluster; none if it is alone.</param>
internal sealed partial class GracefulDrain(
    LakeFlush flush,
    LakeHealth lake,
    BankKeeper bank,
    BankGate gate,
    IOptions<StopSettings> stop,
    TimeProvider time,
    ILogger<GracefulDrain> logger,
    ClusterLease? lease = null) : IHostedService
{
    /// <summary>The wait for the catalog alone: a metastore that hangs is not worth more.</summary>
    private static readonly TimeSpan CatalogPatience = TimeSpan.FromSeconds(5);

    /// <summary>If all silos stop at once, sinks and accounts move here from silos that stopped earlier.</summary>
    private const int AttemptsAsTheLast = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(stop.Value.DrainTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        if (lease is not null && !await lease.ReleaseAsync(cancellationToken))
        {
            LogHandingOver();
            return;
        }

        try
        {
            LogDraining();
            await FlushFilesAsync(either.Token);
            LogDrained();
            if (gate.MayPublish) await bank.NoteEndsAsync(either.Token);
        }
        catch (FlushFailedException e)
        {
            LogNotDrained(e.Message, await MissingAsync(cancellationToken));
            return;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            LogNotDrained(
                $"They did not get there within {stop.Value.DrainTimeout.TotalSeconds} s (Banking:Stop:DrainTimeout).",
                await MissingAsync(cancellationToken));
            return;
        }

        using var catalogLimit = new CancellationTokenSource(CatalogPatience, time);
        using var each = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, catalogLimit.Token);
        try
        {
            await flush.RegisterAsync(each.Token);
        }
        catch (Exception e) when (e is FlushFailedException or OperationCanceledException)
        {
            LogNotRegistered(e);
        }
    }

    private async Task FlushFilesAsync(CancellationToken cancellationToken)
    {
        for (var attempts = lease is null ? 1 : AttemptsAsTheLast; ; attempts--)
        {
            try
            {
                await flush.FlushFilesAsync(cancellationToken);
                return;
            }
            catch (FlushFailedException) when (attempts > 1)
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    private async Task<string> MissingAsync(CancellationToken cancellationToken)
    {
        var sinks = await lake.LookAsync(cancellationToken);
        var behind = lake.Partitions.Where(at => at.LogEnd > at.Durable)
            .Select(at => $"{at.LogEnd - at.Durable} records of partition {at.Partition} from offset {at.Durable} on");
        string[] said = [.. behind, .. sinks.Select(finding => finding.Sentence)];
        return said.Length == 0
            ? "Of what is in the log nothing is missing: the rest is in the accounts' records."
            : $"Missing: {string.Join("; ", said)}";
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Leaving the cluster: the other silos take over.")]
    private partial void LogHandingOver();

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: publishing outboxes and committing files.")]
    private partial void LogDraining();

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained: everything acknowledged is in the lake.")]
    private partial void LogDrained();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping with events that are not in the lake yet; the next start brings them in. "
        + "{Reason} {Missing}")]
    private partial void LogNotDrained(string reason, string missing);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping with days that the metastore may not know yet; the next start registers "
        + "them.")]
    private partial void LogNotRegistered(Exception exception);
}
