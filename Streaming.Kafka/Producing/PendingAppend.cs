using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

using Report = DeliveryReport<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>;

/// <summary>
/// Records on their way to the brokers; completes when each has been confirmed. Reports come on the producer's single thread, in the order
/// of the records.
/// </summary>
internal sealed class PendingAppend : TaskCompletionSource<long>
{
    private readonly Func<PendingAppend, Error?, LogException?> _ended;
    private readonly Action<NewLogRecord, Error> _refused;
    private Error? _failure;
    private long _last = -1;
    private int _reported;
    private int _hasEnded;

    /// <param name="records">The records, each of which gets a report.</param>
    /// <param name="bytes">How many bytes the append takes until it ends.</param>
    /// <param name="refused">Called for each record of a batch that was refused because of one of them, even if nobody waits for it any
    /// more.</param>
    /// <param name="ended">Called once, before the task completes, with the error if there was one; returns the exception to fail
    /// with.</param>
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

    /// <summary>Ends the append, whatever the reports say that are still to come.</summary>
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

        // An error of the producer's ending says less than the error that ended it.
        if (_failure is null || AppendFailures.IsOfTheSession(_failure.Code)) _failure = error;
    }

    private void SetFailure(LogException failure)
    {
        SetException(failure);

        // The caller may have stopped waiting.
        _ = Task.Exception;
    }
}
