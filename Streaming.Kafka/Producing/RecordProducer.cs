using System.Collections.Concurrent;
using System.Globalization;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// Appends to one topic through one producer for all partitions, idempotent and with <c>acks=all</c>, and replaces it when it has come to
/// an end. Records that the brokers refused together with others are tried alone, by a separate producer. Thread-safe.
/// </summary>
internal sealed partial class RecordProducer : IAsyncDisposable
{
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan KeepIdle = TimeSpan.FromSeconds(30);

    private readonly KafkaLogOptions _options;
    private readonly string _topic;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ClientLog _clientLog;
    private readonly Action _tooLarge;
    private readonly RecordLimits _limits;
    private readonly RefusedRecords _refused;
    private readonly TopicPause _pause;
    private readonly ConcurrentDictionary<TopicPartition, Lock> _targets = new();
    private readonly CancellationTokenSource _closed = new();
    private readonly Task _watching;
    private readonly Lock _lock = new();
    private ProducerSession _session;
    private ProducerSession? _suspects;
    private long _suspectsUsedAt;
    private long _waitingBytes;

    /// <param name="tooLarge">Called when a batch was too large for the topic, so that its limit is looked up. Must not block.</param>
    public RecordProducer(KafkaLogOptions options, string topic, TimeProvider time, ILogger logger, ClientLog clientLog, Action tooLarge)
    {
        (_options, _topic, _time, _logger, _clientLog, _tooLarge) = (options, topic, time, logger, clientLog, tooLarge);
        _limits = new RecordLimits(topic, ClientSettings.Producer(options));
        _refused = new RefusedRecords(time);
        _pause = new TopicPause(time);
        _session = NewSession(isForSuspects: false);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Sets what the topic accepts from now on.</summary>
    /// <param name="maxMessageBytes">The topic's <c>max.message.bytes</c>; null if it is not known.</param>
    public void Limit(int? maxMessageBytes, bool requiresKeys)
    {
        _limits.Set(maxMessageBytes, requiresKeys);
        ReplaceIfTooLarge(_session);
    }

    /// <returns>The offset of the last record.</returns>
    public Task<long> AppendAsync(TopicPartition target, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken)
    {
        if (_pause.Current is { } why) throw new LogException(why);
        _limits.Require(records);
        var (isSuspect, refusal) = _refused.Judge(records);
        if (refusal is not null) throw new RecordRefusedException(refusal);
        var bytes = RecordSize.InMemory(records);
        Reserve(bytes);
        var session = isSuspect ? Suspects() : Volatile.Read(ref _session);
        var append = new PendingAppend(
            records,
            bytes,
            _time.GetTimestamp(),
            (record, error) => NoteRefused(target, session, record, error),
            (ended, error) =>
            {
                session.Forget(ended);
                Interlocked.Add(ref _waitingBytes, -ended.Bytes);
                if (error is not null) return FailureOf(target, session, ended, error);
                if (isSuspect) _refused.Remove(ended.Records);
                return null;
            });
        try
        {
            // As far as this process is concerned, the records of one append stay together and in order.
            lock (_targets.GetOrAdd(target, static _ => new Lock())) session.Append(target, records, append);
        }
        catch (Exception e)
        {
            append.Fail(e as LogException ?? NotTaken(target, e));
        }

        return cancellationToken.CanBeCanceled ? append.Task.WaitAsync(cancellationToken) : append.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _watching;
        ProducerSession? suspects;
        lock (_lock) suspects = _suspects;
        suspects?.Dispose();
        _session.Dispose();
        _closed.Dispose();
    }

    /// <summary>On librdkafka's thread.</summary>
    private LogException FailureOf(TopicPartition target, ProducerSession session, PendingAppend append, Error error)
    {
        if (AppendFailures.IsOfTheSession(error.Code)) return new LogException(session.WhyEnded ?? error.Reason, new KafkaException(error));
        switch (AppendFailures.Of(error.Code))
        {
            case AppendFailure.OfTheTopic:
                if (_pause.Refused(_topic, error.Reason)) LogTopicRefused(_topic, error.Reason);
                return new LogException(_pause.Current ?? error.Reason, new KafkaException(error));
            case AppendFailure.OfTheRecord:
                return _refused.Judge(append.Records).Why is { } alone
                    ? new RecordRefusedException(alone, new KafkaException(error))
                    : new LogException(
                        $"A batch for {target} was refused for one of its records: {error.Reason}. Each of them is tried alone next.",
                        new KafkaException(error));
            default:
                return new LogException(
                    $"An append to {target} was not confirmed: {error.Reason}. Its outcome is unknown.", new KafkaException(error));
        }
    }

    /// <summary>On librdkafka's thread.</summary>
    private void NoteRefused(TopicPartition target, ProducerSession session, NewLogRecord record, Error error)
    {
        if (error.Code == ErrorCode.MsgSizeTooLarge)
        {
            // If the topic's limit is not known, halving the batches gets below it sooner or later.
            if (!session.IsForSuspects) _limits.Halve(session.BatchBytes);
            _tooLarge();
        }

        string? why = null;
        if (session.IsForSuspects)
        {
            why = string.Create(
                CultureInfo.InvariantCulture,
                $"A record of {WireSize.Of(record)} bytes was refused by the brokers for {target}: {error.Reason}{_limits.Known}. "
                + $"It is not sent again for {RefusedRecords.TryAgainAfter.TotalSeconds} s.");
            LogRecordRefused(why);
        }

        _refused.Add(record, why);
    }

    private static LogException NotTaken(TopicPartition target, Exception e)
    {
        var sentence = $"The producer did not take an append to {target}: {e.Message}";
        return e is KafkaException { Error.Code: ErrorCode.MsgSizeTooLarge }
            ? new RecordRefusedException(sentence, e)
            : new LogException(sentence, e);
    }

    private void Reserve(long bytes)
    {
        var waiting = Interlocked.Add(ref _waitingBytes, bytes) - bytes;
        if (waiting == 0 || waiting + bytes <= _options.MaxWaitingBytes) return;
        Interlocked.Add(ref _waitingBytes, -bytes);
        throw new LogException(string.Create(
            CultureInfo.InvariantCulture,
            $"The log can't take {bytes} bytes more: {waiting} wait for the brokers, and MaxWaitingBytes is {_options.MaxWaitingBytes}. "
                + $"Nothing was appended."));
    }

    private async Task WatchAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(WatchEvery, _time);
            while (await timer.WaitForNextTickAsync(_closed.Token))
            {
                Watch(_session);
                if (Volatile.Read(ref _suspects) is not { } suspects) continue;
                Watch(suspects);
                var idle = _time.GetElapsedTime(Volatile.Read(ref _suspectsUsedAt));
                if (suspects.Oldest() is null && idle > KeepIdle) EndSuspects(suspects, "It was idle.");
            }
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The log is closed.
        }
    }

    private void Watch(ProducerSession session)
    {
        if (session.Oldest() is { } oldest && _time.GetElapsedTime(oldest) > _options.AppendTimeout)
            Replace(session, $"An append was not confirmed within {_options.AppendTimeout.TotalSeconds} s; its outcome is unknown.");
    }

    private ProducerSession Suspects()
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_closed.IsCancellationRequested, this);
            Volatile.Write(ref _suspectsUsedAt, _time.GetTimestamp());
            return _suspects ??= NewSession(isForSuspects: true);
        }
    }

    private void ReplaceIfTooLarge(ProducerSession session)
    {
        lock (_lock)
        {
            if (_session != session || session.BatchBytes <= _limits.BatchBytes || _closed.IsCancellationRequested) return;
            Volatile.Write(ref _session, NewSession(isForSuspects: false));
        }

        var why = string.Create(
            CultureInfo.InvariantCulture,
            $"The topic '{_topic}' takes batches of at most {_limits.BatchBytes} bytes; the outcome of what waits is unknown.");
        LogKept(_topic, _limits.BatchBytes);
        Leave(session, why);
    }

    private void Replace(ProducerSession ended, string why)
    {
        if (ended.IsForSuspects)
        {
            EndSuspects(ended, why);
            return;
        }

        lock (_lock)
        {
            if (_session != ended || _closed.IsCancellationRequested) return;
            Volatile.Write(ref _session, NewSession(isForSuspects: false));
        }

        LogReplaced(why);
        Leave(ended, why);
    }

    private void EndSuspects(ProducerSession ended, string why)
    {
        lock (_lock)
        {
            if (_suspects != ended || _closed.IsCancellationRequested) return;
            _suspects = null;
        }

        Leave(ended, why);
    }

    private static void Leave(ProducerSession ended, string why)
    {
        ended.End(why);
        _ = Task.Run(ended.Dispose);
    }

    // Not on librdkafka's own thread, as the session that it belongs to gets disposed.
    private ProducerSession NewSession(bool isForSuspects) => new(
        _options,
        _limits.BatchBytes,
        isForSuspects,
        (session, reason) => _ = Task.Run(
            () => Replace(session, $"The producer can't go on: {reason}. The outcome of what waits is unknown.")),
        _clientLog);

    [LoggerMessage(LogLevel.Warning, "The producer was replaced: {Why}")]
    private partial void LogReplaced(string why);

    [LoggerMessage(LogLevel.Information, "The topic '{Topic}' takes batches of at most {Bytes} bytes; the producer keeps to that.")]
    private partial void LogKept(string topic, int bytes);

    [LoggerMessage(LogLevel.Error, "The brokers take nothing for the topic '{Topic}': {Reason}. It is tried again now and then.")]
    private partial void LogTopicRefused(string topic, string reason);

    [LoggerMessage(LogLevel.Error, "{Sentence}")]
    private partial void LogRecordRefused(string sentence);
}
