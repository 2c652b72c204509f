using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka;

/// <summary>Settings of a log on Apache Kafka: one topic.</summary>
public sealed class KafkaLogOptions
{
    /// <summary>Some of the cluster's brokers, <c>host:port</c> separated by commas. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>The topic. Default <c>events</c>.</summary>
    public string Topic { get; set; } = "events";

    /// <summary>Whether the topics are made if they are missing. Default true.</summary>
    public bool CreateTopics { get; set; } = true;

    /// <summary>
    /// Whether a compacted topic is taken, which drops all records of a key but the last one. Records without a key are refused then.
    /// Default false: such a topic is not
    /// opened.
    /// </summary>
    public bool AllowCompaction { get; set; }

    /// <summary>How many partitions a topic gets that is made, 1 to 1,024. Of an existing one its own count holds. Default 8.</summary>
    public int Partitions { get; set; } = 8;

    /// <summary>How many brokers keep each record of a topic that is made; null: the brokers' default. Default null.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>How long a topic that is made keeps records; null: for ever. Default 7 days.</summary>
    public TimeSpan? Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// Whether the records of a topic that is made carry the time at which the broker took them
    /// (<c>message.timestamp.type=LogAppendTime</c>), which never goes back within a partition, instead of their producers' clocks.
    /// Default true.
    /// </summary>
    public bool LogAppendTime { get; set; } = true;

    /// <summary>The topic of the dead letters; null: the topic's name with <c>.dead-letters</c> behind it. Default null.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>
    /// The group id that the consumer names to the brokers (they may check it against their access lists). It never joins a group:
    /// partitions are assigned by Orleans. Default <c>orleans</c>.
    /// </summary>
    public string Group { get; set; } = "orleans";

    /// <summary>
    /// How long an append may wait for its confirmation. Past it the producer is closed, so that nothing it still holds can come after
    /// what is appended next, and the append fails with an unknown outcome. Default 1 minute, at least 1 s.
    /// </summary>
    public TimeSpan AppendTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a question to the brokers (bounds, committed offsets, the topic itself) may take. Default 10 s, at least 1 s.
    /// </summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The most bytes of records that may wait for their confirmation at a time, each counted with 64 bytes more than it holds. An append
    /// past it fails at once and appends nothing; one that is larger by itself is taken while nothing else waits. Default 64 MiB.
    /// </summary>
    public long MaxWaitingBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The fetching of a partition pauses while this many of its records wait for their reader. Default 8,000.</summary>
    public int ReadAheadRecords { get; set; } = 8_000;

    /// <summary>The same in bytes. Default 4 MiB.</summary>
    public long ReadAheadBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>
    /// The most bytes of a record that was read, unpacked: key, value and headers. Of a larger one only a beginning is kept, with what it
    /// was in the header
    /// <see cref="RecordCut.HeaderName"/>: it can't be read, and the failure policy decides. Default 8 MiB, eight times what the
    /// provider publishes at the most: a few
    /// kilobytes in the topic may unpack to tens of megabytes, and several copies of a record may be in memory at a time. At least 128 KiB.
    /// </summary>
    public long MaxReadBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>How often the topic is looked at: has it grown, is it still the same? Default 30 s, at least 100 ms.</summary>
    public TimeSpan WatchInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Settings of librdkafka for all connections, by its own names: <c>security.protocol</c>, <c>sasl.username</c> and so on. Those that
    /// the guarantees rest on can't be set (<see cref="KafkaLogOptionsValidator"/> names them).
    /// </summary>
    public IDictionary<string, string> Client { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same for the producer only: <c>compression.type</c>, <c>linger.ms</c> and so on.</summary>
    public IDictionary<string, string> Producer { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same for consumers only: <c>fetch.min.bytes</c>, <c>isolation.level</c> and so on.</summary>
    public IDictionary<string, string> Consumer { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    internal string DeadLetters => DeadLetterTopic ?? Topic + ".dead-letters";
}
