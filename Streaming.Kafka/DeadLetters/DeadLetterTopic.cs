using System.Globalization;
using System.Text;
using Banking.Streaming.Kafka.Producing;
using Banking.Streaming.Kafka.Topics;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.DeadLetters;

/// <summary>
/// The topic of the dead letters, created at the first letter if it is missing. A letter is the record as it is, with its origin and the
/// reason in headers that begin with <c>dead-letter-</c>. A letter that is too large for the topic is cut (<see cref="RecordCut"/>), so
/// that it can always be written. The topic has its own producer, so that problems with it don't end the producer of events. Thread-safe.
/// </summary>
/// <param name="newProducer">Makes the producer, which calls the given action when a batch was too large for the topic.</param>
internal sealed class DeadLetterTopic(
    TopicAdmin admin, KafkaLogOptions options, Func<Action, RecordProducer> newProducer) : IAsyncDisposable
{
    /// <summary>More than what a Kafka batch takes besides the bytes of its records.</summary>
    private const int BatchOverhead = 1_024;

    /// <summary>Kafka's own default of <c>max.message.bytes</c> is a little more.</summary>
    private const int DefaultMaxBytes = 1_000_000;

    /// <summary>Room for the headers that stay, the sentence and a little of the record.</summary>
    private const int MinMaxBytes = 16 * 1024;
    private const int MaxReasonChars = 1_000;

    private readonly SemaphoreSlim _one = new(1);
    private RecordProducer? _producer;
    private long _maxBytes;
    private volatile bool _isLimitKnown;

    public async ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        // One after the other: letters under way together may become one batch, which would have to fit too.
        await _one.WaitAsync(cancellationToken);
        try
        {
            var producer = await OpenAsync(cancellationToken);
            List<NewLogRecord> batch = [];
            var bytes = 0L;
            foreach (var letter in letters)
            {
                var record = Record(letter, _maxBytes);
                var size = RecordCut.SizeOf(record);
                if (batch.Count > 0 && bytes + size > _maxBytes)
                {
                    await AppendAsync(producer, batch, cancellationToken);
                    (batch, bytes) = ([], 0);
                }

                batch.Add(record);
                bytes += size;
            }

            await AppendAsync(producer, batch, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_producer is not null) await _producer.DisposeAsync();
        _one.Dispose();
    }

    private Task<long> AppendAsync(RecordProducer producer, List<NewLogRecord> batch, CancellationToken cancellationToken) =>
        producer.AppendAsync(new TopicPartition(options.DeadLetters, Partition.Any), batch, cancellationToken);

    private NewLogRecord Record(DeadLetter letter, long maxBytes)
    {
        static LogHeader Header(string name, string text) => new("dead-letter-" + name, Encoding.UTF8.GetBytes(text));
        static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
        var record = letter.Record;
        LogHeader[] added =
        [
            Header("reason", letter.Reason.Length <= MaxReasonChars ? letter.Reason : letter.Reason[..MaxReasonChars] + " …"),
            Header("topic", options.Topic),
            Header("partition", Text(letter.Partition)),
            Header("offset", Text(record.Offset)),
            Header("timestamp", Text(record.Timestamp)),
        ];
        return RecordCut.Fit(new NewLogRecord(record.Key, record.Value, record.Headers), added, maxBytes);
    }

    private async ValueTask<RecordProducer> OpenAsync(CancellationToken cancellationToken)
    {
        if (_producer is { } known && _isLimitKnown) return known;
        if (_producer is null && await admin.DescribeAsync(options.DeadLetters, cancellationToken) is null)
        {
            if (!options.CreateTopics)
            {
                throw new LogException($"There is no topic '{options.DeadLetters}' for the dead letters, and CreateTopics is off.");
            }
            await admin.CreateAsync(admin.DeadLetterTopic(), cancellationToken);
        }

        var settings = await admin.SettingsAsync(options.DeadLetters, cancellationToken);
        _producer ??= newProducer(() => _isLimitKnown = false);
        _producer.Limit(settings.MaxMessageBytes, settings.IsCompacted);

        // A client that may write to a topic may not be allowed to see its settings; then the brokers' default is assumed.
        var ofProducer = ClientSettings.Producer(options).MessageMaxBytes ?? DefaultMaxBytes;
        _maxBytes = Math.Max(MinMaxBytes, Math.Min(ofProducer, settings.MaxMessageBytes ?? DefaultMaxBytes) - BatchOverhead);
        _isLimitKnown = true;
        return _producer;
    }
}
