using System.Globalization;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// What a topic accepts: how large a record and a batch may be, by the producer's settings and the topic's own, and whether records need
/// keys. Thread-safe.
/// </summary>
internal sealed class RecordLimits(string topic, ProducerConfig settings)
{
    private const int DefaultMaxMessageBytes = 1_000_000;
    private const int DefaultBatchBytes = 1_000_000;

    /// <summary>Halving the batch size, to get below the topic's limit, stops here.</summary>
    private const int LeastBatchBytes = 16 * 1_024;

    private readonly int _maxMessageBytes = settings.MessageMaxBytes ?? DefaultMaxMessageBytes;
    private readonly int _ownBatchBytes =
        Math.Min(settings.BatchSize ?? DefaultBatchBytes, settings.MessageMaxBytes ?? DefaultMaxMessageBytes);
    private volatile int _ofTopic = int.MaxValue;
    private volatile int _halved = int.MaxValue;
    private volatile bool _requiresKeys;

    /// <summary>How large a batch may be, uncompressed and with all that belongs to it.</summary>
    public int BatchBytes => Math.Min(_ownBatchBytes, _ofTopic == int.MaxValue ? _halved : _ofTopic);

    /// <summary>The topic's limit as part of a sentence; empty if it is not known.</summary>
    public string Known => _ofTopic == int.MaxValue
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $" (its max.message.bytes is {_ofTopic})");

    /// <param name="maxMessageBytes">Null if it is not known.</param>
    public void Set(int? maxMessageBytes, bool requiresKeys) => (_ofTopic, _requiresKeys) = (maxMessageBytes ?? int.MaxValue, requiresKeys);

    /// <summary>Notes that a batch of at most this many bytes was too large.</summary>
    public void Halve(int bytes) => _halved = Math.Min(_halved, Math.Max(LeastBatchBytes, bytes / 2));

    /// <exception cref="RecordRefusedException">The topic would not accept one of the records.</exception>
    public void Require(IReadOnlyList<NewLogRecord> records)
    {
        var limit = Math.Min(_maxMessageBytes, _ofTopic);
        for (var i = 0; i < records.Count; i++)
        {
            var bytes = WireSize.Of(records[i]);
            if (bytes > limit) throw TooLarge(bytes, limit);
            if (_requiresKeys && records[i].Key.IsEmpty)
            {
                throw new RecordRefusedException(
                    $"A record has no key, and the topic '{topic}' is compacted; nothing of its batch was appended.");
            }
        }
    }

    private RecordRefusedException TooLarge(long bytes, int limit)
    {
        var name = limit == _ofTopic ? $"max.message.bytes ({limit}) of the topic '{topic}'" : $"message.max.bytes ({limit})";
        return new RecordRefusedException(string.Create(
            CultureInfo.InvariantCulture, $"A record of {bytes} bytes is more than {name} allows; nothing of its batch was appended."));
    }
}
