using Banking.Storage.Telemetry;
using Microsoft.Extensions.Logging;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// The writer thread: takes whatever waits into one transaction and answers the callers after its commit, on the thread pool. While one
/// transaction commits the next one's writes gather, so batches grow with the load and an idle storage adds no wait.
/// </summary>
internal sealed partial class GroupWriter
{
    private readonly WriteQueue _queue;
    private readonly IBatchCommitter _committer;
    private readonly StorageMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _failedInARow;

    /// <summary>Starts the thread. <paramref name="committer"/> is the writer's from here on, to its disposal.</summary>
    public GroupWriter(string name, WriteQueue queue, IBatchCommitter committer, StorageMetrics metrics, TimeProvider time, ILogger logger)
    {
        (_queue, _committer, _metrics, _time, _logger) = (queue, committer, metrics, time, logger);
        new Thread(Run) { Name = $"Storage writer {name}", IsBackground = true }.Start();
    }

    /// <summary>Hands a write over; its outcome is known when the task ends.</summary>
    /// <exception cref="StorageWriteFailedException">The queue is full, or the storage has stopped.</exception>
    public Task<WriteOutcome> Write(GrainWrite write)
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

    /// <summary>Takes no more writes, commits those that wait and closes the database.</summary>
    public Task Stop()
    {
        _queue.Close();
        return _stopped.Task;
    }

    private void Run()
    {
        var batch = new List<GrainWrite>();
        try
        {
            while (_queue.Take(batch)) Commit(batch);
            Close();
            _stopped.SetResult();
        }
        catch (Exception defect)
        {
            // Nobody but the runtime would hear of an exception that left this thread, and it would end the process.
            LogStopped(_logger, defect);
            _queue.Close();
            while (_queue.Take(batch)) Fail(batch, new StorageWriteFailedException("The storage has stopped.", defect));
            _stopped.SetException(defect);
        }
    }

    private void Close()
    {
        try
        {
            _committer.Dispose();
        }
        catch (Exception reason)
        {
            // Every write was answered, and what was committed is durable in the write-ahead log; the next start reads it there.
            LogCloseFailed(_logger, reason);
        }
    }

    private void Commit(List<GrainWrite> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            _committer.Commit(batch);
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
        if (_failedInARow > 0) LogRecovered(_logger, _failedInARow);
        _failedInARow = 0;
        Tidy();
    }

    private void Tidy()
    {
        try
        {
            _committer.Tidy();
        }
        catch (Exception reason)
        {
            // The writes are durable in the write-ahead log already; the next batch tries again.
            LogTidyFailed(_logger, reason);
        }
    }

    private void Fail(List<GrainWrite> batch, StorageWriteFailedException reason)
    {
        // A full disk fails thousands of transactions a second; the first one says it, every caller hears it.
        if (_failedInARow == 0) LogFailed(_logger, batch.Count, reason.OutcomeUnknown, reason);
        _failedInARow += batch.Count;
        _metrics.Failed(batch.Count);
        foreach (var write in batch) write.Fail(reason.For(write.Row.ToString()));
    }
}
