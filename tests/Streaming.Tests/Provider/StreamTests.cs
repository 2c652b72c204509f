using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>
/// Tests of the provider in clusters, for any log: an implementation runs them with its own <typeparamref name="TLog"/>. Streams of the
/// namespace "items" have keys whose part before the first dot is a test's own; those of "events" are partitions. One at a time: what was
/// seen of the keys is one book of the process.
/// </summary>
[Collection("Streams in clusters")]
public abstract class StreamTests<TLog> : IAsyncLifetime
    where TLog : ITestLog, new()
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TLog Log { get; } = new();

    public ValueTask InitializeAsync()
    {
        Sightings.Clear();
        PartitionResume.Clear();
        return Log.InitializeAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected static string[] Items(int from, int count) => [.. Enumerable.Range(from, count).Select(i => $"item {i}")];

    private protected Task<StreamCluster> Start(
        int silos = 1, Action<LogStreamOptions>? configure = null, IDeadLetterLog? letters = null) =>
        StreamCluster.Start(Log, silos, configure, letters);

    /// <summary>Appends while no cluster runs.</summary>
    protected async Task Append(int partition, IReadOnlyList<NewLogRecord> records)
    {
        await using var services = await Log.Open(Cancellation);
        await services.Log().AppendAsync(partition, records, Cancellation);
    }
}
