using System.Runtime.InteropServices;
using System.Text;
using Confluent.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// librdkafka's mock brokers in this process: they listen on the loopback, any client may use them, and they fail when told to. They keep
/// records and committed offsets in memory, and take no requests that make or change topics. Thread-safe; a call after disposal fails.
/// </summary>
internal sealed class MockCluster : IDisposable
{
    private const int AllBrokers = -1;
    private const int FirstBroker = 1;

    private readonly Lock _lock = new();
    private nint _client;
    private nint _cluster;

    public MockCluster(int brokers = 1)
    {
        var reason = new byte[512];
        var settings = Librdkafka.NewSettings();
        // This client only keeps the brokers' books; without the setting it complains on the console that it knows no broker to connect to.
        _ = Librdkafka.Set(settings, "log_level", "3", reason, (nuint)reason.Length);
        _client = Librdkafka.NewClient(Librdkafka.ProducerType, settings, reason, (nuint)reason.Length);
        if (_client == 0) throw new InvalidOperationException(Encoding.UTF8.GetString(reason).TrimEnd('\0'));
        _cluster = Librdkafka.NewCluster(_client, brokers);
        if (_cluster == 0)
        {
            Librdkafka.DestroyClient(_client);
            throw new InvalidOperationException("librdkafka made no mock cluster.");
        }

        // Admin clients wait for a controller.
        Librdkafka.SetController(_cluster, FirstBroker);
        BootstrapServers = Marshal.PtrToStringUTF8(Librdkafka.Bootstraps(_cluster))!;
    }

    /// <summary>The addresses of all brokers, also of those that are down.</summary>
    public string BootstrapServers { get; }

    public void CreateTopic(string topic, int partitions, int replicas = 1) =>
        Call(cluster => Check(Librdkafka.CreateTopic(cluster, topic, partitions, replicas)));

    public void DeleteTopic(string topic) => Call(cluster => Check(Librdkafka.DeleteTopic(cluster, topic)));

    /// <summary>
    /// Metadata requests answer <paramref name="error"/> for the topic, until another one is set (<see cref="ErrorCode.NoError"/> for
    /// none).
    /// </summary>
    public void SetTopicError(string topic, ErrorCode error) => Call(cluster => Librdkafka.SetTopicError(cluster, topic, error));

    /// <summary>Takes away what lies below an offset, as retention does.</summary>
    public void DeleteRecords(string topic, int partition, long beforeOffset) =>
        Call(cluster => Check(Librdkafka.DeleteRecords(cluster, topic, partition, beforeOffset)));

    /// <summary>
    /// The next requests of this kind, to whichever broker, fail with these errors, one each. <see cref="ErrorCode.Local_Transport"/>
    /// drops the connection.
    /// </summary>
    public void FailNext(KafkaRequest request, params ErrorCode[] errors) =>
        Call(cluster => Librdkafka.PushErrors(cluster, (short)request, (nuint)errors.Length, errors));

    /// <summary>Takes back the errors of <see cref="FailNext"/> that no request has met yet.</summary>
    public void FailNoMore(KafkaRequest request) => Call(cluster => Librdkafka.ClearErrors(cluster, (short)request));

    /// <summary>Drops all connections and takes no new ones, until <see cref="SetUp"/>.</summary>
    public void SetDown() => Call(cluster => Check(Librdkafka.SetDown(cluster, AllBrokers)));

    public void SetUp() => Call(cluster => Check(Librdkafka.SetUp(cluster, AllBrokers)));

    /// <summary>Answers come after this time at the earliest.</summary>
    public void SetRoundTrip(TimeSpan time) =>
        Call(cluster => Check(Librdkafka.SetRoundTrip(cluster, AllBrokers, (int)time.TotalMilliseconds)));

    public void Dispose()
    {
        lock (_lock)
        {
            if (_cluster == 0) return;
            Librdkafka.DestroyCluster(_cluster);
            Librdkafka.DestroyClient(_client);
            _cluster = _client = 0;
        }
    }

    private void Call(Action<nint> call)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            call(_cluster);
        }
    }

    private static void Check(ErrorCode error)
    {
        if (error != ErrorCode.NoError) throw new KafkaException(error);
    }
}
