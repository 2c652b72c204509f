using Banking.Gate;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Streaming;
using Banking.Streaming.Hosting;
using Banking.Streaming.Kafka;
using Orleans.Streams;

namespace Banking.Silo.Streams;

/// <summary>The game's log and the streams over it: embedded, or on Kafka where its servers are set.</summary>
internal static class EventStreamHosting
{
    public static void AddEventStreams(this ISiloBuilder silo, BankingSettings settings, DataDirectory data, string group)
    {
        void Streams(LogStreamOptions streams)
        {
            streams.PartitionNamespace = GameNames.Events;
            streams.Group = group;
            streams.CommitMode = CommitMode.Consumer;
            streams.LostOffsetPolicy = settings.Log.LostOffsets;

            // Events carry all they need; differing contexts would only split the batches.
            streams.CarryRequestContext = false;
            streams.Codecs[GameNames.Events] = static services => new GameEventCodec(services.GetService<BankGate>());
        }

        if (settings.Kafka.BootstrapServers is not null)
        {
            silo.AddKafkaStreams(GameNames.Streams, kafka => Configure(kafka, settings, group), Streams, ImplicitOnly);
            return;
        }

        silo.Services.AddSqliteLog(GameNames.Streams, log =>
        {
            log.Path = data.LogFile;
            log.Partitions = settings.Log.Partitions;
            log.RetentionAge = settings.Log.Retention;
            log.Groups.Add(group);
        });
        silo.AddLogStreams(GameNames.Streams, Streams, ImplicitOnly);
    }

    // The sinks are the only subscribers: no grain needs to keep a list of them, and to be found again when its silo dies.
    private static void ImplicitOnly(ISiloPersistentStreamConfigurator provider) =>
        provider.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);

    private static void Configure(KafkaLogOptions kafka, BankingSettings settings, string group)
    {
        kafka.BootstrapServers = settings.Kafka.BootstrapServers!;
        kafka.Topic = settings.Kafka.Topic;
        kafka.DeadLetterTopic = settings.Kafka.DeadLetterTopic;
        kafka.ReplicationFactor = settings.Kafka.ReplicationFactor;
        kafka.Partitions = settings.Log.Partitions;
        kafka.Retention = settings.Log.Retention;
        kafka.Group = group;
        foreach (var (name, value) in settings.Kafka.Client) kafka.Client[name.Replace('_', '.')] = value;
    }
}
