using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

using Report = DeliveryReport<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>;

/// <summary>Records on their way to the brokers; completes when each has its confirmation. Reports come on the producer's one thread, in
/// the order of the records.</summary>
internal sealed class PendingAppend : TaskCompletionSource<long>
{
    private readonly Func<PendingAppend, Error?, LogException?> _ended;
    private readonly Action<NewLogRecord, Error> _refused;
    private Error? _failure;
    private long _last = -1;
    private int _reported;
    private int _hasEnded;

    /// <param name="records">A report is awaited for each.</param>
    /// <param name="bytes">The room that it takes until it ends.</param>
    /// <param name="refused">Called for each record of a batch that was refused for one of them, also when it is no more waited
    /// for.</param>
    /// <param name="ended">Called once, before the task completes, with the error if there was one; returns what to fail with.</param>
    public PendingAppend(
        IReadOnlyList<NewLogRecord> records,
        long bytes,
        long startedAt,
        Action<NewLogRecord, Error> refused,
        Func<PendingAppend, Error?, LogException?> ended)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        (_refused, _ended) = (refused, ended);
        (Records, Bytes, StartedAt, OnReport) = (records, bytes, startedAt, Take);
    }

    public IReadOnlyList<NewLogRecord> Records { get; }

    public long Bytes { get; }

    public long StartedAt { get; }

    public Action<Report> OnReport { get; }

    /// <summary>Ends it, whatever the reports say that are still to come.</summary>
    public void Fail(LogException exception)
    {
        if (Interlocked.Exchange(ref _hasEnded, 1) == 1) return;
        _ended(this, null);
        SetFailure(exception);
    }

    private void Take(Report report)
    {
        var number = _reported++;
        if (report.Error.IsError) Note(number, report.Error);
        else _last = report.Offset.Value;
        if (_reported < Records.Count || Interlocked.Exchange(ref _hasEnded, 1) == 1) return;
        if (_ended(this, _failure) is { } failure) SetFailure(failure);
        else SetResult(_last);
    }

    private void Note(int number, Error error)
    {
        if (AppendFailures.Of(error.Code) == AppendFailure.OfTheRecord) _refused(Records[number], error);

        // What ended with the producer says less than what ended it.
        if (_failure is null || AppendFailures.IsOfTheSession(_failure.Code)) _failure = error;
    }

    private void SetFailure(LogException failure)
    {
        SetException(failure);

        // Whoever appended may have stopped waiting.
        _ = Task.Exception;
    }
}
