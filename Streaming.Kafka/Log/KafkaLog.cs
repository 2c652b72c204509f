using Banking.Streaming.Kafka.Consuming;
using Banking.Streaming.Kafka.DeadLetters;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Kafka.Offsets;
using Banking.Streaming.Kafka.Producing;
using Banking.Streaming.Kafka.Topics;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Log;

/// <summary>
/// A topic of Apache Kafka as a partitioned log: one idempotent producer (and one for dead letters, once there are some), one consumer (a
/// second while somebody reads old records), and one connection for requests. It opens when a broker answers. Offsets, partitions and
/// groups are Kafka's own, so every other client sees the same things. Thread-safe.
/// </summary>
public sealed partial class KafkaLog : IPartitionedLog, IDeadLetterLog, IAsyncDisposable, IDisposable
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IAdminClient _client;
    private readonly TopicAdmin _admin;
    private readonly KafkaTopic _topic;
    private readonly TopicOffsets _offsets;
    private readonly ClientLog _clientLog;
    private readonly RecordProducer _producer;
    private readonly ConsumerPool _consumers;
    private readonly DeadLetterTopic _letters;
    private int _disposed;

    /// <summary>Starts to look for the topic; calls that need it wait until it is found.</summary>
    public KafkaLog(KafkaLogOptions options, TimeProvider time, ILogger<KafkaLog> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _time = time;
        _logger = logger;
        _clientLog = new ClientLog(logger, time);
        _offsets = new TopicOffsets(options, time, _clientLog);
        _client = new DependentAdminClientBuilder(_offsets.Handle).Build();
        _admin = new TopicAdmin(_client, options, time);
        _producer = new RecordProducer(options, options.Topic, time, logger, _clientLog, () => LookUp(LimitOfTopicAsync));
        _consumers = new ConsumerPool(options, _clientLog);
        _topic = new KafkaTopic(_admin, options, time, logger, settings => _producer.Limit(settings.MaxMessageBytes, settings.IsCompacted));
        _letters = new DeadLetterTopic(
            _admin, options, tooLarge => new RecordProducer(options, options.DeadLetters, time, logger, _clientLog, tooLarge));
    }

    /// <summary>A short form of the topic's id.</summary>
    public string LogId => _topic.Topology.LogId;

    public int PartitionCount => _topic.Topology.PartitionCount;

    public int LatestPartitionCount => _topic.LatestPartitionCount;

    public IReadOnlyList<string> Warnings => _topic.Warnings;

    public ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        ThrowIfDisposed();
        return _topic.OpenAsync(cancellationToken);
    }

    public async ValueTask<long> AppendAsync(int partition, IReadOnlyList<NewLogRecord> records, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(records);
        await RequireAsync(partition, cancellationToken);
        if (records.Count == 0) return (await _offsets.GetBoundsAsync(partition, cancellationToken)).Next - 1;
        _topic.RequireAppendable();
        return await _producer.AppendAsync(new TopicPartition(_options.Topic, partition), records, cancellationToken);
    }

    public async ValueTask<ILogReader> OpenReaderAsync(int partition, long offset, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        await RequireAsync(partition, cancellationToken);
        try
        {
            // A topic that was recreated gives nothing to a reader at the old one's offsets.
            await _topic.VerifyAsync(partition, cancellationToken);
        }
        catch (KafkaException e)
        {
            throw Unanswered(e);
        }

        var (consumer, feed) = _consumers.Open(partition, offset);
        return new KafkaLogReader(this, _topic, _consumers, consumer, feed, _options, _time);
    }

    public async ValueTask<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken)
    {
        await RequireAsync(partition, cancellationToken);
        return await AnswerAsync(_offsets.GetBoundsAsync(partition, cancellationToken));
    }

    public async ValueTask<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        await RequireAsync(partition, cancellationToken);
        return await AnswerAsync(_offsets.GetCommittedAsync(group, partition, cancellationToken));
    }

    public async ValueTask CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(group);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        await RequireAsync(partition, cancellationToken);
        await AnswerAsync(_offsets.CommitAsync(group, partition, offset, cancellationToken));
    }

    /// <summary>
    /// Appends the records to the topic of the dead letters as they are; those too large for the topic are cut. Headers that begin with
    /// <c>dead-letter-</c> give their origin and the reason.
    /// </summary>
    public async ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(letters);
        if (letters.Count == 0) return;
        await OpenAsync(cancellationToken);
        await AnswerAsync(_letters.AppendAsync(letters, cancellationToken).AsTask());
    }

    /// <summary>Closes the log; waiting appends fail with an unknown outcome.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1) return;
        await _topic.DisposeAsync();
        try
        {
            // A client whose broker is unavailable ends when its last call has timed out: nobody needs to wait for that.
            await Task.Run(CloseClientsAsync).WaitAsync(CloseTimeout, _time);
        }
        catch (TimeoutException)
        {
            LogStillClosing(_options.Topic);
        }
    }

    public void Dispose() => Task.Run(async () => await DisposeAsync()).GetAwaiter().GetResult();

    private async Task CloseClientsAsync()
    {
        await _producer.DisposeAsync();
        await _letters.DisposeAsync();
        _consumers.Dispose();
        _client.Dispose();
        _offsets.Dispose();
    }

    private Task LimitOfTopicAsync() => _topic.ExamineAsync(CancellationToken.None);

    private void LookUp(Func<Task> look) => _ = Task.Run(async () =>
    {
        try
        {
            await look();
        }
        catch (Exception e) when (e is KafkaException or LogException)
        {
            // The topic is checked again now and then; until then batches get smaller by themselves.
            LogNotLookedUp(_options.Topic, e);
        }
    });

    private async ValueTask RequireAsync(int partition, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        if ((uint)partition < (uint)_topic.LatestPartitionCount) return;
        throw new ArgumentOutOfRangeException(
            nameof(partition), partition, $"The topic '{_options.Topic}' has the partitions 0 to {_topic.LatestPartitionCount - 1}.");
    }

    private async ValueTask<T> AnswerAsync<T>(Task<T> question)
    {
        try
        {
            return await question;
        }
        catch (KafkaException e)
        {
            throw Unanswered(e);
        }
    }

    private async ValueTask AnswerAsync(Task question)
    {
        try
        {
            await question;
        }
        catch (KafkaException e)
        {
            throw Unanswered(e);
        }
    }

    private LogException Unanswered(KafkaException e) =>
        new($"The brokers at {_options.BootstrapServers} did not do what was asked of them: {e.Error.Reason}", e);

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) == 1, this);

    [LoggerMessage(LogLevel.Debug, "The settings of the topic '{Topic}' or of its dead letters can't be looked up.")]
    private partial void LogNotLookedUp(string topic, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The clients of the topic '{Topic}' are still ending.")]
    private partial void LogStillClosing(string topic);
}
