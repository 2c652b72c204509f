using Banking.Streaming.Log;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>A log that fails as told.</summary>
internal sealed class FaultyLog(IPartitionedLog log, FaultPoint fault) : IPartitionedLog, IAsyncDisposable, IDisposable
{
    public string LogId => log.LogId;

    public int PartitionCount => log.PartitionCount;

    public int LatestPartitionCount => log.LatestPartitionCount;

    public IReadOnlyList<string> Warnings => log.Warnings;

    public ValueTask OpenAsync(CancellationToken cancellationToken) => log.OpenAsync(cancellationToken);

    public async ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        await fault.Run(() => log.AppendAsync(partition, records, cancellationToken).AsTask());

    public async ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) =>
        new Reader(await fault.Run(() => log.OpenReaderAsync(partition, offset, cancellationToken).AsTask()), fault);

    public async ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        await fault.Run(() => log.GetBoundsAsync(partition, cancellationToken).AsTask());

    public async ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        await fault.Run(() => log.GetCommittedAsync(group, partition, cancellationToken).AsTask());

    public async ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        await fault.Run(() => log.CommitAsync(group, partition, offset, cancellationToken).AsTask());

    public void Dispose() => (log as IDisposable)?.Dispose();

    public ValueTask DisposeAsync()
    {
        if (log is IAsyncDisposable disposable) return disposable.DisposeAsync();
        Dispose();
        return ValueTask.CompletedTask;
    }

    private sealed class Reader(ILogReader reader, FaultPoint fault) : ILogReader
    {
        public long NextOffset => reader.NextOffset;

        // What was read and lost would be gone for this reader: only refusals.
        public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
        {
            await fault.Run(() => Task.CompletedTask);
            return await reader.ReadAsync(maxRecords, cancellationToken);
        }

        public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => reader.WaitAsync(cancellationToken);

        public ValueTask DisposeAsync() => reader.DisposeAsync();
    }
}
