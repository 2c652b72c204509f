using Banking.Silo.Starting;
using Npgsql;

namespace Banking.Silo.Cluster;

/// <summary>
/// This silo's lease in the cluster of its database, for as long as the process lives. Silos share a cluster if everything they keep is in
/// places that all of them can reach. A silo that keeps its log or its lake in its own folder is alone, as another one would have neither
/// its events nor its files. Thread-safe.
/// </summary>
/// <param name="database">Where the cluster is.</param>
/// <param name="embedded">The settings whose absence makes this silo be alone; empty if it shares the cluster.</param>
/// <param name="time">For pauses.</param>
internal sealed class ClusterLease(ClusterDatabase database, IReadOnlyList<string> embedded, TimeProvider time) : IAsyncDisposable
{
    /// <summary>The server takes a while to see that the last holder is gone.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private LeaseSession? _session;

    private bool Alone => embedded.Count > 0;

    /// <summary>Why another silo's lease is not compatible with this one.</summary>
    private string Refusal => Alone
        ? $"Another silo is in the cluster of {database.Name}, and this one would keep events or files in a folder of its own, where "
            + $"others can't see them: set {string.Join(" and ", embedded)} for every silo."
        : $"The cluster of {database.Name}, is held by a silo that keeps its events or files in a folder of its own: stop that one, and "
            + "set Banking:Kafka:BootstrapServers and Banking:Lake:Root for it too.";

    /// <summary>Takes the lease on a connection that belongs to the lease from then on.</summary>
    /// <exception cref="StartException">Another silo holds a lease that is not compatible with this one.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var start = time.GetTimestamp();
            while (true)
            {
                var connection = await database.OpenWithRetriesAsync(cancellationToken);
                if (await LeaseSession.TryTakeAsync(connection, Alone, cancellationToken) is { } session)
                {
                    _session = session;
                    return;
                }

                if (time.GetElapsedTime(start) > MaxWait) throw new StartException(Refusal);
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Checks that the lease is still held, and takes it again if the connection broke.</summary>
    /// <returns>Why it can't be had now; null if it is held.</returns>
    public async Task<LeaseLoss?> CheckAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_session is { IsOpen: false }) await DropAsync();
            if (_session is not null) await _session.CheckAsync(cancellationToken);
            else _session = await LeaseSession.TryTakeAsync(await database.OpenAsync(cancellationToken), Alone, cancellationToken);
            return _session is null ? new LeaseLoss(Refusal, Taken: true) : null;
        }
        catch (NpgsqlException e)
        {
            await DropAsync();
            return new LeaseLoss($"{database.Name}, can't be reached: {ClusterDatabase.Reason(e)}", Taken: false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Announces that this silo is about to stop.</summary>
    /// <returns>Whether no other silo stays; also true if the database can't tell.</returns>
    public async Task<bool> ReleaseAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _session is not { IsOpen: true } || await _session.ReleaseAsync(cancellationToken);
        }
        catch (NpgsqlException)
        {
            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await DropAsync();
        _turn.Dispose();
    }

    private async Task DropAsync()
    {
        if (_session is not null) await _session.DisposeAsync();
        _session = null;
    }
}

/// <param name="Sentence">Why the lease is not held.</param>
/// <param name="Taken">True if another silo has the lease; false if the database is unavailable.</param>
internal sealed record LeaseLoss(string Sentence, bool Taken);
