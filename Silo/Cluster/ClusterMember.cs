using Banking.Silo.Starting;
using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// Lets the silo into its cluster before Orleans starts: waits for the database, creates the tables and takes the lease. It holds the lease
/// until Orleans has stopped. While the database is unavailable the silo goes on, as the members know each other.
/// </summary>
internal sealed partial class ClusterMember(
    ClusterDatabase database, ClusterLease lease, IHostApplicationLifetime host, TimeProvider time,
    ILogger<ClusterMember> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    /// <summary>How long a start may wait without reporting it.</summary>
    private static readonly TimeSpan Bearable = TimeSpan.FromMilliseconds(1_500);

    /// <summary>
    /// A broken connection may still hold the lease on the server, which learns of the break from its keep-alives after half a minute.
    /// </summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _watch = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await OpenAsync(cancellationToken))
            await ClusterSchema.EnsureAsync(connection, database.Name, cancellationToken);
        await lease.TakeAsync(cancellationToken);
        _watch = WatchAsync(_stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _watch.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken)
    {
        await using var bearable = time.CreateTimer(_ => LogWaiting(database.Name), null, Bearable, Timeout.InfiniteTimeSpan);
        return await database.OpenWithRetriesAsync(cancellationToken);
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        string? said = null;
        long? taken = null;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                var loss = await lease.CheckAsync(cancellationToken);
                if (loss is null && said is not null) LogHeldAgain(database.Name);
                if (loss is not null && loss.Sentence != said) LogLost(loss.Sentence);
                said = loss?.Sentence;
                taken = loss is { Taken: true } ? taken ?? time.GetTimestamp() : null;
                if (taken is not { } since || time.GetElapsedTime(since) < MaxWait) continue;
                LogEnding(loss!.Sentence);
                Environment.ExitCode = 1;
                host.StopApplication();
                return;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo has stopped.
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "Waiting for {Database}: it does not answer yet, and is tried again for half a minute.")]
    private partial void LogWaiting(string database);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The silo goes on without its lease in the cluster, and tries to take it again. "
        + "{Reason}")]
    private partial void LogLost(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease in the cluster of {Database}, is held again.")]
    private partial void LogHeldAgain(string database);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The silo stops. {Reason}")]
    private partial void LogEnding(string reason);
}
