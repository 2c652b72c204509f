using System.Globalization;
using Banking.Accounts;
using Banking.Inquiries;
using Banking.Lake;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Lake;

/// <summary>
/// Brings everything acknowledged so far into the lake. It empties the outboxes of all accounts that have something in them according to
/// storage, and the inquiry logs of all silos. Then it has every sink commit up to the current end of its partition, and the catalog's
/// grain make the files visible to queries. Thread-safe.
/// </summary>
internal sealed class LakeFlush(
    OutboxSweep outboxes,
    IInquiryServiceClient inquiries,
    IGrainFactory grains,
    [FromKeyedServices(GameNames.Streams)] IPartitionedLog log,
    IOptions<LakeSinkOptions> lake,
    TimeProvider time)
{
    /// <returns>For each partition the last offset that is now in the lake; -1 if the partition never had a record.</returns>
    /// <exception cref="FlushFailedException">Some of it could not be brought in, or is not visible to queries.</exception>
    public async Task<IReadOnlyList<(int Partition, long Offset)>> FlushAsync(CancellationToken cancellationToken)
    {
        var flushed = await FlushFilesAsync(cancellationToken);
        await RegisterAsync(cancellationToken);
        return flushed;
    }

    /// <summary>Brings everything into files, whether or not a catalog knows about them.</summary>
    /// <exception cref="FlushFailedException">Some of it could not be brought in.</exception>
    public async Task<IReadOnlyList<(int Partition, long Offset)>> FlushFilesAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Done first, as nobody can publish before: it is better to fail soon than to wait with the outboxes.
            await log.OpenAsync(cancellationToken);

            // Everything acknowledged is in storage, and was written before this far-off time by any silo's clock.
            await outboxes.PublishAsync(time.GetUtcNow().AddYears(1_000), cancellationToken);
            var silos = await grains.GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true, cancellationToken);
            await Task.WhenAll(silos.Keys.Select(inquiries.DrainAsync)).WaitAsync(cancellationToken);
            return await FlushPartitionsAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new FlushFailedException($"Not everything could be brought into the lake: {e.Message}", e);
        }
    }

    /// <summary>
    /// Makes all existing files visible to queries: registers their days if there is a catalog, and copies late files to where their
    /// compacted day is.
    /// </summary>
    /// <exception cref="FlushFailedException">Some files may not be visible.</exception>
    public async Task RegisterAsync(CancellationToken cancellationToken)
    {
        string? problem;
        Exception? cause = null;
        try
        {
            problem = await grains.GetGrain<ICatalogGrain>(ICatalogGrain.Key).Flush().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            (problem, cause) = (e.Message, e);
        }

        if (problem is null) return;
        var who = lake.Value.Hive is null ? "queries" : "Hive and Presto";
        throw new FlushFailedException(
            $"Everything acknowledged is durable in the lake, but {who} may not see all of it yet. {problem}", cause);
    }

    private async Task<(int Partition, long Offset)[]> FlushPartitionsAsync(CancellationToken cancellationToken)
    {
        var flushes = Task.WhenAll(Enumerable.Range(0, log.LatestPartitionCount).Select(p => FlushPartitionAsync(p, cancellationToken)));
        try
        {
            return await flushes;
        }
        catch (Exception e) when (
            flushes.Exception is { InnerExceptions: { Count: > 1 } failures } && !cancellationToken.IsCancellationRequested)
        {
            // Each partition may have its own cause.
            throw new FlushFailedException(string.Join(' ', failures.Select(failure => failure.Message).Distinct()), e);
        }
    }

    private async Task<(int Partition, long Offset)> FlushPartitionAsync(int partition, CancellationToken cancellationToken)
    {
        var last = (await log.GetBoundsAsync(partition, cancellationToken)).Next - 1;
        var sink = grains.GetGrain<ISinkGrain>(partition.ToString(CultureInfo.InvariantCulture));
        if (last >= 0) await sink.Flush(last).WaitAsync(cancellationToken);
        return (partition, last);
    }
}

/// <summary>Not everything acknowledged is in the lake yet, or it is not visible to queries; nothing is lost.</summary>
internal sealed class FlushFailedException(string message, Exception? cause) : Exception(message, cause);
