using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Provider;

/// <summary>
/// Appends records to the dead letters, and retries until they are durable there or the container is disposed. Thread-safe; continuations
/// run on the caller's scheduler.
/// </summary>
internal sealed partial class DeadLetters(
    IDeadLetterLog log, string provider, LogStreamOptions options, LogStreamMetrics metrics, TimeProvider time,
    ILogger<DeadLetters> logger) : IDisposable
{
    // Not disposed: late callers still look at it, and it holds no resources.
    private readonly CancellationTokenSource _closed = new();

    public TimeProvider Time => time;

    /// <summary>Completes when the letters are durable.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled it, or the container was disposed.</exception>
    public async Task AppendAsync(IReadOnlyList<DeadLetter> letters, string kind, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token, cancellationToken);
        for (var failures = 1; ; failures++)
        {
            try
            {
                await log.AppendAsync(letters, either.Token);
                metrics.DeadLettered(letters[0].Partition, kind, letters.Count);
                LogAppended(provider, letters.Count, letters[0].Partition, letters[0].Record.Offset, letters[0].Reason);
                return;
            }
            catch (Exception exception) when (!either.IsCancellationRequested)
            {
                metrics.Failed(letters[0].Partition, "dead_letter");
                LogAppendFailed(provider, letters[0].Partition, letters[0].Record.Offset, exception);
                await Task.Delay(options.Retries.After(failures), time, either.Token);
            }
        }
    }

    public void Dispose() => _closed.Cancel();

    [LoggerMessage(
        LogLevel.Error, "Provider {Provider}: {Count} records of partition {Partition}, from offset {Offset} on, were put among the dead "
            + "letters. The first: {Reason}")]
    private partial void LogAppended(string provider, int count, int partition, long offset, string reason);

    [LoggerMessage(
        LogLevel.Error, "Provider {Provider}: dead letters of partition {Partition}, from offset {Offset} on, can't be appended; nothing "
            + "passes them, trying again.")]
    private partial void LogAppendFailed(string provider, int partition, long offset, Exception exception);
}
