using Banking.Lake.Files;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Writers;

/// <summary>
/// Appends a partition's unreadable records to the dead letters, batch after batch, and retries until they are durable there. Not
/// thread-safe: all calls and continuations belong on one task scheduler, as a grain's do.
/// </summary>
internal sealed partial class DeadLetterWriter(
    IDeadLetterLog log, ChainId chain, SinkMetrics metrics, TimeProvider time, ILogger logger) : IDisposable
{
    private const int MaxBatchLetters = 500;
    private const long MaxBatchBytes = 1 << 20;

    private readonly Queue<DeadLetter> _waiting = new();
    private readonly CancellationTokenSource _stop = new();
    private Task _appending = Task.CompletedTask;

    /// <summary>Called after every change of what is durable.</summary>
    public Action? Progressed { get; set; }

    /// <summary>The offset of the oldest record whose letter is not durable; null if there is none.</summary>
    public long? FirstUndurable => _waiting.TryPeek(out var oldest) ? oldest.Record.Offset : null;

    /// <summary>The bytes of the letters that are not durable yet.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many letters are durable.</summary>
    public long Written { get; private set; }

    /// <summary>A sentence saying why letters can't be written; it is tried again. Null if the last try succeeded.</summary>
    public string? Failure { get; private set; }

    /// <summary>When the failure began.</summary>
    public DateTimeOffset FailingSince { get; private set; }

    /// <summary>Adds a letter, to be appended with the next <see cref="Send"/>.</summary>
    public void Add(in LogRecord record, string reason)
    {
        // A copy: the record's own bytes are slices that would keep its whole batch in memory.
        var kept = record with
        {
            Key = record.Key.ToArray(),
            Value = record.Value.ToArray(),
            Headers = [.. record.Headers.Select(header => header with { Value = header.Value.ToArray() })],
        };
        _waiting.Enqueue(new DeadLetter(chain.Partition, kept, reason));
        Bytes += Size(kept);
    }

    /// <summary>Begins to append the letters that wait, unless an append is under way.</summary>
    public void Send()
    {
        if (_waiting.Count > 0 && _appending.IsCompleted) _appending = AppendWaitingAsync();
    }

    /// <summary>
    /// Returns when no letter waits. Letters not appended when the token fires are given up, and the next owner reads their records again.
    /// </summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        Send();
        using var abort = cancellationToken.Register(_stop.Cancel);
        await _appending;
    }

    // Not disposed: an append under way still looks at it, and it holds no resources.
    public void Dispose() => _stop.Cancel();

    private async Task AppendWaitingAsync()
    {
        while (_waiting.Count > 0)
        {
            var letters = NextBatch();
            await AppendAsync(letters);
            foreach (var letter in letters) Bytes -= Size(letter.Record);
            for (var i = 0; i < letters.Count; i++) _waiting.Dequeue();
            Written += letters.Count;
            metrics.DeadLettered(letters.Count);
            Progressed?.Invoke();
        }
    }

    private List<DeadLetter> NextBatch()
    {
        List<DeadLetter> letters = [];
        var bytes = 0L;
        foreach (var letter in _waiting)
        {
            bytes += Size(letter.Record);
            if (letters.Count > 0 && bytes > MaxBatchBytes) break;
            letters.Add(letter);
            if (letters.Count == MaxBatchLetters) break;
        }

        return letters;
    }

    private async Task AppendAsync(List<DeadLetter> letters)
    {
        for (var failures = 0; ;)
        {
            try
            {
                await log.AppendAsync(letters, _stop.Token);
                Failure = null;
                return;
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                var wait = LakeSinkOptions.Retries.After(++failures);
                if (Failure is null) FailingSince = time.GetUtcNow();
                Failure =
                    $"{chain}: the dead letters from offset {letters[0].Record.Offset} on can't be written, {_waiting.Count} wait; none "
                        + $"is lost, and a flush waits for them. {e.Message}";
                metrics.Retried("dead_letters");
                LogAppendFailed(e, chain, letters[0].Record.Offset, failures, wait);
                await Task.Delay(wait, time, _stop.Token);
            }
        }
    }

    private static long Size(in LogRecord record)
    {
        var bytes = 64L + record.Key.Length + record.Value.Length;
        foreach (var header in record.Headers) bytes += 64 + header.Value.Length;
        return bytes;
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message =
            "{Chain}: the dead letters from offset {Offset} on could not be appended, {Failures} times by now; none is lost, trying again "
                + "in {Wait}.")]
    private partial void LogAppendFailed(Exception exception, ChainId chain, long offset, int failures, TimeSpan wait);
}
