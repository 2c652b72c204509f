using Banking.Gate;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Banking.Streaming;
using Banking.Streaming.Hosting;
using Orleans.Streams;

namespace Banking.Silo.Streams;

/// <summary>The game's log and the streams over it: embedded, or on Kafka if its servers are set.</summary>
internal static class EventStreamHosting
{
    public static void AddEventStreams(this ISiloBuilder silo, EmbeddedParts embedded, DataDirectory data, string group)
    {
        void Streams(LogStreamOptions streams)
        {
            streams.PartitionNamespace = GameNames.Events;
            streams.Group = group;
            streams.CommitMode = CommitMode.Consumer;

            // Events carry everything they need; differing contexts would only split the batches.
            streams.CarryRequestContext = false;
            streams.Codecs[GameNames.Events] = static services => new GameEventCodec(services.GetService<BankGate>());
        }

        if (!embedded.HasLog)
        {
            silo.AddKafkaStreams(GameNames.Streams, kafka => kafka.Group = group, Streams, ImplicitOnly);
            return;
        }

        silo.Services.AddSqliteLog(GameNames.Streams, log =>
        {
            log.Path = data.LogFile;
            log.Groups.Add(group);
        });
        silo.AddLogStreams(GameNames.Streams, Streams, ImplicitOnly);
    }

    // The sinks are the only subscribers: no grain needs to keep a list of them, and to be found again if its silo dies.
    private static void ImplicitOnly(ISiloPersistentStreamConfigurator provider) =>
        provider.ConfigureStreamPubSub(StreamPubSubType.ImplicitOnly);
}
