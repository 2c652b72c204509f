using System.Collections.Concurrent;
using System.Globalization;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>Appends through one producer for all partitions, idempotent and with <c>acks=all</c>, and replaces it when it has come to an end. Thread-safe.</summary>
internal sealed partial class RecordProducer : IAsyncDisposable
{
    /// <summary>What a record costs beside its bytes, in memory and in a request.</summary>
    private const int Overhead = 64;
    private const int DefaultMaxMessageBytes = 1_000_000;
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);

    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClientVoice _voice;
    private readonly int _maxMessageBytes;
    private readonly ConcurrentDictionary<TopicPartition, Lock> _targets = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private ProducerSession _session;
    private long _waitingBytes;

    public RecordProducer(KafkaLogOptions options, TimeProvider time, ILogger logger, ClientVoice voice)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _voice = voice;
        var configured = ClientSettings.Producer(options).MessageMaxBytes;
        _maxMessageBytes = configured ?? DefaultMaxMessageBytes;
        _session = NewSession();
        _watching = Task.Run(WatchAsync);
    }

    /// <returns>The offset of the last record.</returns>
    public Task<long> AppendAsync(TopicPartition target, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken)
    {
        var bytes = Measure(records);
        Reserve(bytes);
        var session = Volatile.Read(ref _session);
        var append = new PendingAppend(records.Count, bytes, _time.GetTimestamp(), ended =>
        {
            session.Forget(ended);
            Interlocked.Add(ref _waitingBytes, -ended.Bytes);
        });
        try
        {
            // Records of one append lie together, and in order, as far as this process goes.
            lock (_targets.GetOrAdd(target, static _ => new Lock())) session.Append(target, records, append);
        }
        catch (Exception e)
        {
            append.Fail(e as LogException ?? new LogException($"The producer did not take an append to {target}: {e.Message}", e));
        }

        return cancellationToken.CanBeCanceled ? append.Task.WaitAsync(cancellationToken) : append.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _watching;
        _session.Dispose();
        _closed.Dispose();
    }

    private long Measure(IReadOnlyList<NewLogRecord> records)
    {
        var total = 0L;
        for (var i = 0; i < records.Count; i++)
        {
            var bytes = Overhead + RecordSize.Of(records[i]);
            if (bytes > _maxMessageBytes)
                throw new LogException($"A record of {bytes} bytes is more than message.max.bytes ({_maxMessageBytes}) allows; nothing of its batch was appended.");
            total += bytes;
        }

        return total;
    }

    private void Reserve(long bytes)
    {
        var waiting = Interlocked.Add(ref _waitingBytes, bytes) - bytes;
        if (waiting == 0 || waiting + bytes <= _options.MaxWaitingBytes) return;
        Interlocked.Add(ref _waitingBytes, -bytes);
        throw new LogException(string.Create(
            CultureInfo.InvariantCulture,
            $"The log can't take {bytes} bytes more: {waiting} wait for the brokers, and MaxWaitingBytes is {_options.MaxWaitingBytes}. Nothing was appended."));
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(WatchEvery, _time);
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                var session = _session;
                if (session.Oldest() is { } oldest && _time.GetElapsedTime(oldest) > _options.AppendTimeout)
                    Replace(session, $"An append was not confirmed within {_options.AppendTimeout.TotalSeconds} s; its outcome is unknown.");
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The log is closed.
        }
    }

    private void Replace(ProducerSession ended, string why)
    {
        lock (_lock)
        {
            if (_session != ended || _closed.IsCancellationRequested) return;
            Volatile.Write(ref _session, NewSession());
        }

        LogReplaced(why);
        ended.End(why);
        _ = Task.Run(ended.Dispose);
    }

    // Not on librdkafka's own thread: the session it belongs to is disposed.
    private ProducerSession NewSession() => new(
        _options, (session, reason) => Task.Run(() => Replace(session, $"The producer can't go on: {reason}. The outcome of what waits is unknown.")), _voice);

    [LoggerMessage(LogLevel.Warning, "The producer was replaced: {Why}")]
    private partial void LogReplaced(string why);
}
