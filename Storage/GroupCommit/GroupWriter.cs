using Banking.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The writer threads, one for each transaction that may be in flight. Each takes everything that waits into one transaction, and answers
/// the callers on the thread pool after its commit. While transactions commit, writes gather for the next one, so batches grow with the
/// load and an idle storage adds no delay.
/// </summary>
internal sealed partial class GroupWriter
{
    private readonly WriteQueue _queue;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Task _stopped;
    private long _failedInARow;

    /// <summary>Starts a thread for each committer; the writer now owns the committers and disposes them.</summary>
    public GroupWriter(
        string name, WriteQueue queue, IReadOnlyList<IBatchCommitter> committers, StorageMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_queue, _metrics, _time, _logger) = (queue, metrics, time, logger);
        _stopped = Task.WhenAll(committers.Select(committer => StartAsync(name, committer)).ToArray());
    }

    /// <summary>Hands over a write; its outcome is known when the task ends.</summary>
    /// <exception cref="StorageWriteFailedException">The queue is full, or the storage has stopped.</exception>
    public Task<WriteOutcome> WriteAsync(GrainWrite write)
    {
        switch (_queue.TryAdd(write))
        {
            case Enqueued.Full:
                _metrics.Failed(1);
                throw new StorageWriteFailedException($"Too many writes wait for the storage: {write.Row} was not written.");
            case Enqueued.Closed:
                throw new StorageWriteFailedException($"The storage has stopped: {write.Row} was not written.");
            default:
                return write.Task;
        }
    }

    /// <summary>Accepts no more writes, commits those that wait, and closes the database.</summary>
    public Task StopAsync()
    {
        _queue.Close();
        return _stopped;
    }

    private Task StartAsync(string name, IBatchCommitter committer)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => Run(committer, stopped)) { Name = $"Storage writer {name}", IsBackground = true }.Start();
        return stopped.Task;
    }

    private void Run(IBatchCommitter committer, TaskCompletionSource stopped)
    {
        var batch = new List<GrainWrite>();
        try
        {
            while (_queue.Take(batch)) Commit(committer, batch);
            Close(committer);
            stopped.SetResult();
        }
        catch (Exception defect)
        {
            // An exception that left this thread would reach only the runtime, and would end the process.
            LogStopped(_logger, defect);
            _queue.Close();
            while (_queue.Take(batch)) Fail(batch, new StorageWriteFailedException("The storage has stopped.", defect));
            stopped.SetException(defect);
        }
    }

    private void Close(IBatchCommitter committer)
    {
        try
        {
            committer.Dispose();
        }
        catch (Exception reason)
        {
            // Every write was answered, and what was committed is durable; the next start goes on from there.
            LogCloseFailed(_logger, reason);
        }
    }

    private void Commit(IBatchCommitter committer, List<GrainWrite> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            committer.Commit(batch);
        }
        catch (Exception reason)
        {
            Fail(batch, reason as StorageWriteFailedException ?? StorageWriteFailedException.Unexpected(reason));
            return;
        }

        var seconds = _time.GetElapsedTime(started).TotalSeconds;
        var conflicts = 0;
        foreach (var write in batch)
        {
            if (write.IsConflict) conflicts++;
            write.Answer();
        }

        _metrics.Committed(batch.Count, conflicts, seconds);
        if (Interlocked.Exchange(ref _failedInARow, 0) is > 0 and var failed) LogRecovered(_logger, failed);
        Tidy(committer);
    }

    private void Tidy(IBatchCommitter committer)
    {
        try
        {
            committer.Tidy();
        }
        catch (Exception reason)
        {
            // The writes are durable already; the next batch tries again.
            LogTidyFailed(_logger, reason);
        }
    }

    private void Fail(List<GrainWrite> batch, StorageWriteFailedException reason)
    {
        // A full disk fails thousands of transactions a second: only the first is logged, but every caller is told.
        if (Interlocked.Add(ref _failedInARow, batch.Count) == batch.Count) LogFailed(_logger, batch.Count, reason.OutcomeUnknown, reason);
        _metrics.Failed(batch.Count);
        foreach (var write in batch) write.Fail(reason.For(write.Row.ToString()));
    }

    [LoggerMessage(
        1,
        LogLevel.Error,
        "A transaction of {Writes} writes failed (outcome unknown: {OutcomeUnknown}); further failures are counted until one succeeds")]
    private static partial void LogFailed(ILogger logger, int writes, bool outcomeUnknown, Exception reason);

    [LoggerMessage(2, LogLevel.Information, "Writes succeed again, after {Writes} had failed")]
    private static partial void LogRecovered(ILogger logger, long writes);

    [LoggerMessage(3, LogLevel.Warning, "The database's housekeeping failed (for SQLite, copying the write-ahead log); nothing is lost, "
        + "it is tried again")]
    private static partial void LogTidyFailed(ILogger logger, Exception reason);

    [LoggerMessage(5, LogLevel.Warning, "The database could not be closed as it should; nothing is lost, the next start goes on from what "
        + "is there")]
    private static partial void LogCloseFailed(ILogger logger, Exception reason);

    [LoggerMessage(4, LogLevel.Critical, "The storage's writer thread has stopped on an error")]
    private static partial void LogStopped(ILogger logger, Exception reason);
}
