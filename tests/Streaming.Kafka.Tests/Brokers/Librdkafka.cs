using System.Reflection;
using System.Runtime.InteropServices;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// The part of librdkafka's C interface that makes its mock brokers (<c>rdkafka_mock.h</c>), in the library that Confluent.Kafka brings.
/// Confluent.Kafka has no members for it. A <c>rd_kafka_resp_err_t</c> is an <see cref="ErrorCode"/>.
/// </summary>
internal static partial class Librdkafka
{
    private const string Library = "librdkafka";

    /// <summary>
    /// The builds that Confluent.Kafka brings, in the order that it tries them in: the first one needs a libsasl2 that not every machine
    /// has.
    /// </summary>
    private static readonly string[] Builds = [Library, "centos8-librdkafka", "alpine-librdkafka"];

    static Librdkafka() => NativeLibrary.SetDllImportResolver(typeof(Librdkafka).Assembly, Load);

    /// <summary><c>RD_KAFKA_PRODUCER</c> of <c>rd_kafka_type_t</c>.</summary>
    public const int ProducerType = 0;

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_new")]
    public static partial nint NewSettings();

    [LibraryImport(Library, EntryPoint = "rd_kafka_conf_set", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Set(nint settings, string name, string value, [Out] byte[] reason, nuint reasonSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_new", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint NewClient(int type, nint settings, [Out] byte[] reason, nuint reasonSize);

    [LibraryImport(Library, EntryPoint = "rd_kafka_destroy")]
    public static partial void DestroyClient(nint client);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_new")]
    public static partial nint NewCluster(nint client, int brokers);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_destroy")]
    public static partial void DestroyCluster(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_cluster_bootstraps")]
    public static partial nint Bootstraps(nint cluster);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_set_controller_id")]
    public static partial void SetController(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_create", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode CreateTopic(nint cluster, string topic, int partitions, int replicas);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_delete", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode DeleteTopic(nint cluster, string topic);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_topic_set_error", StringMarshalling = StringMarshalling.Utf8)]
    public static partial void SetTopicError(nint cluster, string topic, ErrorCode error);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_partition_delete_records", StringMarshalling = StringMarshalling.Utf8)]
    public static partial ErrorCode DeleteRecords(nint cluster, string topic, int partition, long beforeOffset);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_push_request_errors_array")]
    public static partial void PushErrors(nint cluster, short request, nuint count, [In] ErrorCode[] errors);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_clear_request_errors")]
    public static partial void ClearErrors(nint cluster, short request);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_down")]
    public static partial ErrorCode SetDown(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_up")]
    public static partial ErrorCode SetUp(nint cluster, int broker);

    [LibraryImport(Library, EntryPoint = "rd_kafka_mock_broker_set_rtt")]
    public static partial ErrorCode SetRoundTrip(nint cluster, int broker, int milliseconds);

    private static nint Load(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != Library) return 0;
        foreach (var build in Builds)
        {
            if (NativeLibrary.TryLoad(build, assembly, search, out var library)) return library;
        }

        return 0;
    }
}
