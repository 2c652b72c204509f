using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// One life of the producer. It ends when an append is not confirmed in time, or with an error after which librdkafka can't go on.
/// Everything in it that was not confirmed fails, so that nothing it holds can arrive after what its successor appends. Thread-safe.
/// </summary>
internal sealed class ProducerSession : IDisposable
{
    private static readonly TimeSpan PurgeTimeout = TimeSpan.FromSeconds(2);

    private readonly IProducer<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> _producer;
    private readonly HashSet<PendingAppend> _pending = [];

    // Many callers append at a time. The end waits for those that are handing over, as a record handed over after the purge would overtake
    // those before it.
    private readonly ReaderWriterLockSlim _handingOver = new();
    private volatile string? _ended;

    /// <param name="batchBytes">How large a batch may be.</param>
    /// <param name="isForSuspects">Whether each record goes in its own batch.</param>
    /// <param name="fatal">Called on a thread of librdkafka when the producer can't go on.</param>
    public ProducerSession(
        KafkaLogOptions options, int batchBytes, bool isForSuspects, Action<ProducerSession, string> fatal, ClientLog clientLog)
    {
        (BatchBytes, IsForSuspects) = (batchBytes, isForSuspects);
        var settings = ClientSettings.Producer(options);
        settings.BatchSize = batchBytes;
        if (isForSuspects) settings.BatchNumMessages = 1;
        _producer = new ProducerBuilder<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>(settings)
            .SetKeySerializer(WholeArraySerializer.Instance)
            .SetValueSerializer(WholeArraySerializer.Instance)
            .SetErrorHandler((_, error) =>
            {
                clientLog.Say(error);
                if (error.IsFatal) fatal(this, error.Reason);
            })
            .SetLogHandler((_, message) => clientLog.Say(message))
            .Build();
    }

    public int BatchBytes { get; }

    public bool IsForSuspects { get; }

    /// <summary>Why the session has ended; null if it has not.</summary>
    public string? WhyEnded => _ended;

    /// <summary>Hands over records in order. The caller must keep other appends to the same partition away meanwhile.</summary>
    /// <exception cref="LogException">The session has ended.</exception>
    public void Append(TopicPartition target, IReadOnlyList<NewLogRecord> records, PendingAppend append)
    {
        _handingOver.EnterReadLock();
        try
        {
            if (_ended is { } why) throw new LogException(why);
            lock (_pending) _pending.Add(append);
            for (var i = 0; i < records.Count; i++)
            {
                var record = records[i];
                _producer.Produce(
                    target,
                    new Message<ReadOnlyMemory<byte>,
                    ReadOnlyMemory<byte>>
                    { Key = record.Key, Value = record.Value, Headers = HeadersOf(record) },
                    append.OnReport);
            }
        }
        finally
        {
            _handingOver.ExitReadLock();
        }
    }

    public void Forget(PendingAppend append)
    {
        lock (_pending) _pending.Remove(append);
    }

    /// <summary>When the longest-waiting append was started; null if none waits.</summary>
    public long? Oldest()
    {
        lock (_pending) return _pending.Count == 0 ? null : _pending.Min(append => append.StartedAt);
    }

    /// <summary>
    /// Gives up everything that waits; it fails soon, or at the latest with <see cref="Dispose"/>. Nothing of it is sent from here on; what
    /// was sent may still arrive.
    /// </summary>
    public void End(string why)
    {
        _handingOver.EnterWriteLock();
        try
        {
            if (_ended is not null) return;
            _ended = why;
        }
        finally
        {
            _handingOver.ExitWriteLock();
        }

        Purge();
    }

    public void Dispose()
    {
        End("The log is closed.");

        // Takes the reports about what was purged; until then the records are kept.
        _producer.Flush(PurgeTimeout);
        PendingAppend[] left;
        lock (_pending) left = [.. _pending];
        foreach (var append in left) append.Fail(new LogException(_ended!));
        _producer.Dispose();
        _handingOver.Dispose();
    }

    private unsafe void Purge()
    {
        const int QueuedInFlightNonBlocking = 0x1 | 0x2 | 0x4;
        var handle = Librdkafka.HandleOf(_producer.Handle);
        var held = false;
        handle.DangerousAddRef(ref held);
        _ = Librdkafka.Purge(handle.DangerousGetHandle(), QueuedInFlightNonBlocking);
        handle.DangerousRelease();
    }

    private static Headers? HeadersOf(in NewLogRecord record)
    {
        if (record.Headers is not { Count: > 0 } headers) return null;
        var result = new Headers();
        for (var i = 0; i < headers.Count; i++) result.Add(headers[i].Name, WholeArraySerializer.ToArray(headers[i].Value) ?? []);
        return result;
    }
}
