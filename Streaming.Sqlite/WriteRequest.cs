using Banking.Streaming.Log;

namespace Banking.Streaming.Sqlite;

/// <summary>What waits for the writer: records for a partition, or (without records) a group's offset.</summary>
internal sealed class WriteRequest(int partition, IReadOnlyList<NewLogRecord>? records, string? group, long offset)
{
    // A waiting caller must not run on the writer's thread.
    private readonly TaskCompletionSource<long> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public int Partition => partition;

    public IReadOnlyList<NewLogRecord>? Records => records;

    /// <summary>What the records take while they wait; an offset is too small to count.</summary>
    public long Bytes { get; } = records is null ? 0 : RecordSize.InMemory(records);

    public string? Group => group;

    /// <summary>Of a group: the offset to keep. Of records: the last one's offset, known once they are written.</summary>
    public long Offset { get; set; } = offset;

    public Task<long> Done => _done.Task;

    public void Complete() => _done.SetResult(Offset);

    public void Fail(Exception exception) => _done.SetException(exception);
}
