using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka;

/// <summary>Settings of a log on Apache Kafka: one topic.</summary>
public sealed class KafkaLogOptions
{
    /// <summary>Some of the cluster's brokers, <c>host:port</c> separated by commas. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The topic. Default <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>Whether the topics are created if they are missing. Default true.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>
    /// Whether a compacted topic, which drops all records of a key but the last one, is accepted. Records without a key are then refused.
    /// Default false: such a topic is not opened.
    /// </summary>
    public bool AllowCompaction { get; set; }

    /// <summary>How many partitions a new topic gets, 1 to 1,024. An existing topic keeps its own count. Default 8.</summary>
    public int Partitions { get; set; } = 8;

    /// <summary>How many brokers keep each record of a new topic; null for the brokers' default. Default null.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>How long a new topic keeps records; null for ever. Default 7 days.</summary>
    public TimeSpan? Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether the records of a new topic carry the time at which the broker took them (<c>message.timestamp.type=LogAppendTime</c>), which
    /// never goes back within a partition, instead of their producers' clocks. Default true.
    /// </summary>
    public bool LogAppendTime { get; set; } = true;

    /// <summary>The topic of the dead letters; null for the topic's name followed by <c>.dead-letters</c>. Default null.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>
    /// The group id that the consumer names to the brokers (they may check it against their access lists). It never joins a group:
    /// partitions are assigned by Orleans. Default <c>orleans</c>.
    /// </summary>
    public string Group { get; set; } = "orleans";

    /// <summary>
    /// How long an append may wait for its confirmation. After that the producer is closed, so that nothing it still holds can arrive after
    /// what is appended next. The append then fails with an unknown outcome. Default 1 minute, at least 1 s.
    /// </summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a request to the brokers (for bounds, committed offsets or the topic itself) may take. Default 10 s, at least 1 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The most bytes of records that may wait for their confirmation at a time, each counted with 64 bytes more than it holds. An append
    /// beyond that fails at once and appends nothing; one that is larger by itself is accepted while nothing else waits. Default 64 MiB.
    /// </summary>
    public long MaxWaitingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>Fetching a partition pauses while this many of its records wait for their reader. Default 8,000.</summary>
    public int ReadAheadRecords { get; set; } = 8_000;

    /// <summary>The same limit in bytes. Default 4 MiB.</summary>
    public long ReadAheadBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// The most bytes of a record that was read, unpacked: key, value and headers. Of a larger one only the beginning is kept, with a
    /// description of the original in the header <see cref="RecordCut.HeaderName"/>. It can't be read, and the failure policy decides. The
    /// limit is needed because a few kilobytes in the topic may unpack to tens of megabytes, and several copies of a record may be in
    /// memory at a time. Default 8 MiB, eight times the most that the provider publishes; at least 128 KiB.
    /// </summary>
    public long MaxReadBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// How often the topic is checked: whether it has grown, and whether it is still the same one. Default 30 s, at least 100 ms.
    /// </summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Settings of librdkafka for all connections, under its own names: <c>security.protocol</c>, <c>sasl.username</c> and so on. The
    /// settings that the guarantees rest on can't be set (<see cref="KafkaLogOptionsValidator"/> names them).
    /// </summary>
    public IDictionary<string, string> Client { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same for the producer only: <c>compression.type</c>, <c>linger.ms</c> and so on.</summary>
    public IDictionary<string, string> Producer { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same for consumers only: <c>fetch.min.bytes</c>, <c>isolation.level</c> and so on.</summary>
    public IDictionary<string, string> Consumer { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal string DeadLetters => DeadLetterTopic ?? Topic + ".dead-letters";
}
