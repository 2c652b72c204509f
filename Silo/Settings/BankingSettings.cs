using Banking.Accounts;
using Banking.Markets;
using Banking.Sink.Settings;
using Banking.Streaming;

namespace Banking.Silo.Settings;

/// <summary>All settings, below <c>Banking</c>. A name that is not here stops the start.</summary>
public sealed class BankingSettings
{
    public const string Section = "Banking";

    /// <summary>Where the embedded storage, log and lake keep their files. One silo process at a time.</summary>
    public string DataDirectory { get; set; } = "data";

    public HttpSettings Http { get; set; } = new();

    public ClusterSettings Cluster { get; set; } = new();

    public StorageSettings Storage { get; set; } = new();

    public LogSettings Log { get; set; } = new();

    public KafkaSettings Kafka { get; set; } = new();

    public LakeSettings Lake { get; set; } = new();

    public HiveSettings Hive { get; set; } = new();

    public PrestoSettings Presto { get; set; } = new();

    public AccountOptions Accounts { get; set; } = new();

    public MarketOptions Markets { get; set; } = new();

    public StopSettings Stop { get; set; } = new();
}

/// <summary>The log of events, embedded or on Kafka.</summary>
public sealed class LogSettings
{
    /// <summary>Partitions of a log, or of a topic, that is made new, 1 to 1,024; an existing one keeps its own.</summary>
    public int Partitions { get; set; } = 4;

    /// <summary>
    /// How long events stay in the embedded log after the lake has them, at least one minute; of a topic that is made, how long they stay
    /// whether or not the lake has them.
    /// </summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// What becomes of a record that is not an event. Null is what the log makes sensible: skip on the embedded one, which has no place for
    /// dead letters and which nobody else writes to.
    /// </summary>
    public FailurePolicy? Unreadable { get; set; }

    /// <summary>What happens when the log no longer has events that the lake lacks.</summary>
    public LostOffsetPolicy LostOffsets { get; set; } = LostOffsetPolicy.Block;
}

/// <summary>Apache Kafka as the log, instead of the embedded one.</summary>
public sealed class KafkaSettings
{
    /// <summary>Some of the cluster's brokers, <c>host:port</c> separated by commas; null: the embedded log.</summary>
    public string? BootstrapServers { get; set; }

    public string Topic { get; set; } = "events";

    /// <summary>Where records go that are not events; null: the topic's name with <c>.dead-letters</c> behind it.</summary>
    public string? DeadLetterTopic { get; set; }

    /// <summary>How many brokers keep each record of a topic that is made; null: the brokers' default.</summary>
    public short? ReplicationFactor { get; set; }

    /// <summary>
    /// Settings of librdkafka by its own names, such as <c>security.protocol</c>. An underscore may stand for a dot, as environments want
    /// it.
    /// </summary>
    public Dictionary<string, string> Client { get; set; } = [];
}

/// <summary>The lake and when files are committed to it: whatever comes first.</summary>
public sealed class LakeSettings
{
    /// <summary>A folder, by default <c>lake</c> in the data directory; or <c>webhdfs://host:port/path</c>.</summary>
    public string? Root { get; set; }

    /// <summary>Who the lake is to an HDFS without security.</summary>
    public string? User { get; set; }

    /// <summary>A secret: it belongs into the environment, and appears in no message.</summary>
    public string? DelegationToken { get; set; }

    /// <summary>Whether HDFS is told by Kerberos who the lake is.</summary>
    public bool Kerberos { get; set; }

    /// <summary>Rows of one file at the most.</summary>
    public int MaxRows { get; set; } = 250_000;

    /// <summary>A file is committed at this age of its first row.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A file is committed when no other row came for its table and partition for this long.</summary>
    public TimeSpan MaxIdle { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How the small files of closed days become few large ones.</summary>
    public CompactionOptions Compaction { get; set; } = new();
}

/// <summary>The Hive metastore that Hive and Presto look the lake's tables up in.</summary>
public sealed class HiveSettings
{
    /// <summary><c>thrift://host:9083</c>, several separated by commas; null: no metastore is told of the lake.</summary>
    public string? Metastore { get; set; }

    /// <summary>Made if it is missing.</summary>
    public string Database { get; set; } = "default";

    /// <summary>
    /// The URL under which Hive and Presto see the lake's root; null: its path on the metastore's default file system, or <c>file:</c> and
    /// the folder.
    /// </summary>
    public string? Location { get; set; }

    /// <summary>For the sink; null if no metastore is set.</summary>
    internal HiveOptions? ToOptions() =>
        Metastore is null ? null : new HiveOptions { Metastore = Metastore, Database = Database, Location = Location };
}

/// <summary>Presto, which the client asks and a silo does not: its settings are known here so that one environment serves both.</summary>
public sealed class PrestoSettings
{
    public string? Url { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }
}
