using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

/// <summary>Another log that is open when the test says so, as one whose broker is away at first.</summary>
internal sealed class LateLog(IPartitionedLog inner, Task opened) : IPartitionedLog, IAsyncDisposable
{
    private bool _isOpen;

    public string LogId => Open.LogId;

    public int PartitionCount => Open.PartitionCount;

    private IPartitionedLog Open => _isOpen ? inner : throw new LogException("The test's log is not open yet.");

    public ValueTask OpenAsync(CancellationToken cancellationToken) =>
        _isOpen ? ValueTask.CompletedTask : new(WaitAsync(cancellationToken));

    public ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        Open.AppendAsync(partition, records, cancellationToken);

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) =>
        Open.OpenReaderAsync(partition, offset, cancellationToken);

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        Open.GetBoundsAsync(partition, cancellationToken);

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        Open.GetCommittedAsync(group, partition, cancellationToken);

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        Open.CommitAsync(group, partition, offset, cancellationToken);

    public ValueTask DisposeAsync() => (inner as IAsyncDisposable)?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        await opened.WaitAsync(cancellationToken);
        await inner.OpenAsync(cancellationToken);
        _isOpen = true;
    }
}
