using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Another log, with answers that come late and without wake-ups.</summary>
internal sealed class SlowLog(IPartitionedLog inner) : IPartitionedLog
{
    public string LogId => inner.LogId;

    public int PartitionCount => inner.PartitionCount;

    public ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        inner.AppendAsync(partition, records, cancellationToken);

    public async ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        await Late(cancellationToken);
        return new Reader(await inner.OpenReaderAsync(partition, offset, cancellationToken));
    }

    public async ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken)
    {
        await Late(cancellationToken);
        return await inner.GetBoundsAsync(partition, cancellationToken);
    }

    public async ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken)
    {
        await Late(cancellationToken);
        return await inner.GetCommittedAsync(group, partition, cancellationToken);
    }

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        inner.CommitAsync(group, partition, offset, cancellationToken);

    private static Task Late(CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, cancellationToken);

    private sealed class Reader(ILogReader inner) : ILogReader
    {
        public long NextOffset => inner.NextOffset;

        public async ValueTask<IReadOnlyList<LogRecord>> ReadAsync(int maxRecords, CancellationToken cancellationToken)
        {
            await Late(cancellationToken);
            return await inner.ReadAsync(maxRecords, cancellationToken);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
