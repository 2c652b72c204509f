using System.Globalization;
using Banking.Lake;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Health;

/// <param name="Partition">The partition's number.</param>
/// <param name="LogEnd">Where the log ends, exclusive; null if it can't be told.</param>
/// <param name="Durable">The offset below which everything is in the lake.</param>
/// <param name="BehindFor">How long, at least, the lake has lacked the next record; zero if it lacks none.</param>
/// <param name="Unreadable">Records that were not events, since the sink became active.</param>
/// <param name="DeadLetters">How many of them are durable among the dead letters.</param>
internal sealed record PartitionProgress(int Partition, long? LogEnd, long Durable, TimeSpan BehindFor, long Unreadable, long DeadLetters);

/// <summary>
/// How far the lake is behind the log, according to each partition's sink, wherever in the cluster that is. Players are answered even if
/// the lake is behind, unless a sink says that they must not be. If no sink answers at all though the log does, it may be that no grain
/// answers.
/// </summary>
internal sealed class LakeHealth(
    IGrainFactory grains,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    IOptions<LakeSinkOptions> lake,
    TimeProvider time) : IHealthPart
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(3);

    /// <summary>A row waits for its file as the settings say; a commit to a slow lake may take this much longer.</summary>
    private static readonly TimeSpan CommitTime = TimeSpan.FromSeconds(30);

    private readonly LagHistory _history = new();

    /// <summary>The progress at the last look.</summary>
    public IReadOnlyList<PartitionProgress> Partitions { get; private set; } = [];

    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(Enumerable.Range(0, CountPartitions()).Select(p => LookAtAsync(p, cancellationToken)));
        Partitions = [.. looks.Where(look => look.Progress is not null).Select(look => look.Progress!)];
        if (looks.Length > 0 && Partitions.Count == 0 && await LogHealth.FindFailureAsync(log, MaxWait, time, cancellationToken) is null)
            return [new Finding("lake", "No sink answers, so that other grains may not either.", IsCritical: true, time.GetUtcNow())];
        return [.. looks.SelectMany(look => look.Findings)];
    }

    private int CountPartitions()
    {
        try
        {
            return log.LatestPartitionCount;
        }
        catch (LogException)
        {
            // The log is not open yet, which its own part reports.
            return 0;
        }
    }

    private async Task<(PartitionProgress? Progress, IReadOnlyList<Finding> Findings)> LookAtAsync(
        int partition, CancellationToken cancellationToken)
    {
        try
        {
            var end = await EndOfAsync(partition, cancellationToken);
            var sink = grains.GetGrain<ISinkGrain>(partition.ToString(CultureInfo.InvariantCulture));
            var status = await sink.GetStatus().WaitAsync(MaxWait, time, cancellationToken);
            var progress = Progress(status with { Partition = partition }, end);
            return (progress, [.. FindingsOf(partition, status), .. Behind(progress, status)]);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, [Late(partition, "sink", $"The sink of partition {partition} does not answer: {e.Message}")]);
        }
    }

    private async Task<long?> EndOfAsync(int partition, CancellationToken cancellationToken)
    {
        try
        {
            return (await log.GetBoundsAsync(partition, cancellationToken).AsTask().WaitAsync(MaxWait, time, cancellationToken)).Next;
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The log's own part reports why.
            return null;
        }
    }

    private PartitionProgress Progress(SinkStatus status, long? end)
    {
        long? since = null;
        lock (_history)
        {
            if (end is { } known) _history.Add(status.Partition, time.GetTimestamp(), known);
            since = _history.BehindSince(status.Partition, status.DurableOffset);
        }

        var behind = since is { } at ? time.GetElapsedTime(at) : TimeSpan.Zero;
        return new PartitionProgress(status.Partition, end, status.DurableOffset, behind, status.Unreadable, status.DeadLetters);
    }

    private IEnumerable<Finding> FindingsOf(int partition, SinkStatus status)
    {
        foreach (var found in status.Findings ?? []) yield return new Finding(found.Key, found.Sentence, found.IsCritical, found.Since);

        // A silo of an earlier build reports no more than that.
        if (status is { Findings: null, Refusal: { } refusal })
        {
            yield return new Finding(KeyOf(partition, "refused"), refusal, IsCritical: true, time.GetUtcNow());
        }
        if (status.Failure is { } failure)
        {
            yield return Late(partition, "failing", $"The lake takes nothing: players are answered, and their events wait. {failure}");
        }
    }

    private IEnumerable<Finding> Behind(PartitionProgress progress, SinkStatus status)
    {
        if (progress.LogEnd is not { } end || progress.BehindFor <= lake.Value.MaxAge + CommitTime) yield break;
        var age = progress.BehindFor.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
        yield return Late(
            progress.Partition,
            "behind",
            $"{end - progress.Durable} records of partition {progress.Partition} are not in the lake, the first, at offset "
                + $"{progress.Durable}, for at least {age} s; "
            + $"the sink has taken in what is below offset {status.NextOffset}.");
    }

    private Finding Late(int partition, string what, string sentence) =>
        new(KeyOf(partition, what), sentence, IsCritical: false, time.GetUtcNow());

    private static string KeyOf(int partition, string what) => $"lake/partition-{partition.ToString(CultureInfo.InvariantCulture)}/{what}";
}
