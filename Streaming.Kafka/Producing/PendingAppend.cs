using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

using Report = DeliveryReport<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>;

/// <summary>Records on their way to the brokers; completes when each has its confirmation. Reports come on the producer's one thread.</summary>
internal sealed class PendingAppend : TaskCompletionSource<long>
{
    private readonly Action<PendingAppend> _ended;
    private Error? _failure;
    private long _last = -1;
    private int _left;
    private int _hasEnded;

    /// <param name="records">How many reports to wait for.</param>
    /// <param name="bytes">The room that it takes until it ends.</param>
    /// <param name="ended">Called once, before the task completes.</param>
    public PendingAppend(int records, long bytes, long startedAt, Action<PendingAppend> ended)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _left = records;
        _ended = ended;
        (Bytes, StartedAt, OnReport) = (bytes, startedAt, Take);
    }

    public long Bytes { get; }

    public long StartedAt { get; }

    public Action<Report> OnReport { get; }

    /// <summary>Ends it, whatever the reports say that are still to come.</summary>
    public void Fail(Exception exception)
    {
        if (!End()) return;
        SetException(exception);

        // Whoever appended may have stopped waiting.
        _ = Task.Exception;
    }

    private void Take(Report report)
    {
        if (report.Error.IsError) _failure ??= report.Error;
        else _last = report.Offset.Value;
        if (--_left > 0) return;
        if (_failure is { } error)
            Fail(new LogException($"An append to {report.TopicPartition} was not confirmed: {error.Reason}. Its outcome is unknown.", new KafkaException(error)));
        else if (End())
            SetResult(_last);
    }

    private bool End()
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 1) return false;
        _ended(this);
        return true;
    }
}
