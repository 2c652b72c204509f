using System.Globalization;
using System.Text;
using Banking.Streaming.Kafka.Producing;
using Banking.Streaming.Kafka.Topics;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Banking.Streaming.Kafka.DeadLetters;

/// <summary>
/// The topic of the dead letters: made if it is missing, at the first letter. A letter is the record as it is, with where it comes from
/// and why in headers that begin
/// with <c>dead-letter-</c>; one that is larger than the topic takes is cut (<see cref="RecordCut"/>), so that it can always be written.
/// Thread-safe.
/// </summary>
internal sealed class DeadLetterTopic(IAdminClient client, TopicAdmin admin, RecordProducer producer, KafkaLogOptions options) : IDisposable
{
    /// <summary>What a batch of Kafka takes beside its records' bytes, and more.</summary>
    private const int BatchOverhead = 1_024;

    /// <summary>Kafka's own default of <c>max.message.bytes</c> is a little more.</summary>
    private const int DefaultMaxBytes = 1_000_000;

    /// <summary>Room for the headers that stay, the sentence and a little of the record.</summary>
    private const int MinMaxBytes = 16 * 1024;
    private const int MaxReasonChars = 1_000;

    private readonly SemaphoreSlim _one = new(1);
    private long? _maxBytes;

    public async ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken)
    {
        // One after the other: what is under way together may become one batch, which has to fit too.
        await _one.WaitAsync(cancellationToken);
        try
        {
            var maxBytes = _maxBytes ??= await OpenAsync(cancellationToken);
            List<NewLogRecord> batch = [];
            var bytes = 0L;
            foreach (var letter in letters)
            {
                var record = Record(letter, maxBytes);
                var size = RecordCut.SizeOf(record);
                if (batch.Count > 0 && bytes + size > maxBytes)
                {
                    await AppendAsync(batch, cancellationToken);
                    (batch, bytes) = ([], 0);
                }

                batch.Add(record);
                bytes += size;
            }

            await AppendAsync(batch, cancellationToken);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private Task<long> AppendAsync(List<NewLogRecord> batch, CancellationToken cancellationToken) =>
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

    /// <returns>The most bytes of a letter, and of a batch of them.</returns>
    private async ValueTask<long> OpenAsync(CancellationToken cancellationToken)
    {
        if (await admin.DescribeAsync(options.DeadLetters, cancellationToken) is null)
        {
            if (!options.CreateTopics) throw new LogException($"There is no topic '{options.DeadLetters}' for the dead letters, and CreateTopics is off.");
            await admin.CreateAsync(admin.DeadLetterTopic(), cancellationToken);
        }

        var ofProducer = ClientSettings.Producer(options).MessageMaxBytes ?? DefaultMaxBytes;
        return Math.Max(MinMaxBytes, Math.Min(ofProducer, await MaxMessageBytesAsync(cancellationToken)) - BatchOverhead);
    }

    private async ValueTask<long> MaxMessageBytesAsync(CancellationToken cancellationToken)
    {
        try
        {
            var topic = new ConfigResource { Type = ResourceType.Topic, Name = options.DeadLetters };
            var answers = await client.DescribeConfigsAsync([topic], new DescribeConfigsOptions { RequestTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
            return answers is [{ Entries: var entries }] && entries.TryGetValue("max.message.bytes", out var entry)
                ? long.Parse(entry.Value, CultureInfo.InvariantCulture)
                : DefaultMaxBytes;
        }
        catch (DescribeConfigsException e) when (e.Results.Any(result => result.Error.Code == Confluent.Kafka.ErrorCode.TopicAuthorizationFailed))
        {
            // Whoever may write to a topic may not always see its settings: it then has the brokers' default, as far as anybody knows.
            return DefaultMaxBytes;
        }
    }
}
