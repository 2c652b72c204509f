using Banking.Streaming.Log;

namespace Banking.Silo.Tests.Streams;

/// <summary>A log whose broker is away at first: until it is opened nothing of it can be known.</summary>
internal sealed class LateLog(int partitions) : IPartitionedLog
{
    /// <summary>The broker was reached.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The broker, once reached, is away again.</summary>
    public bool IsAway { get; set; }

    /// <summary>How often somebody wanted to know the number of partitions.</summary>
    public int CountAsked { get; private set; }

    public string LogId => IsOpen ? "late" : throw NotOpen();

    public int PartitionCount
    {
        get
        {
            CountAsked++;
            return IsOpen ? partitions : throw NotOpen();
        }
    }

    public ValueTask OpenAsync(CancellationToken cancellationToken) => IsOpen ? default : throw NotOpen();

    public ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken) =>
        throw NotOpen();

    public ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken) => throw NotOpen();

    public ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        IsOpen && !IsAway ? ValueTask.FromResult(new LogBounds(0, 7)) : throw NotOpen();

    public ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) => throw NotOpen();

    public ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) => throw NotOpen();

    private static LogException NotOpen() => new("The broker can't be reached.");
}
