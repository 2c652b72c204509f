using System.Globalization;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka;

/// <summary>
/// The settings of librdkafka's clients: defaults that suit a log, then the caller's settings, and last those that the guarantees rest on.
/// Pure.
/// </summary>
internal static class ClientSettings
{
    /// <summary>A broker that waits for slow replicas must not count as silent.</summary>
    private const long LeastSilenceMilliseconds = 10_000;

    public static ProducerConfig Producer(KafkaLogOptions options)
    {
        var settings = Common(options, options.Producer, new()
        {
            // Appends gather by themselves while one is under way; waiting longer would only add to their latency.
            ["linger.ms"] = "1",
            // What may wait is bounded in bytes, before anything is handed over (MaxWaitingBytes).
            ["queue.buffering.max.messages"] = "0",
            ["queue.buffering.max.kbytes"] = "2147483647",
            ["dotnet.producer.delivery.report.fields"] = "status",
        });
        settings["enable.idempotence"] = "true";
        settings["acks"] = "all";

        // If a permanent error would drop records while later ones go on, the producer ends instead.
        settings["enable.gapless.guarantee"] = "true";

        // A record that timed out would be dropped while later ones go on, which would break the order. The append's own timeout closes the
        // producer instead.
        settings["message.timeout.ms"] = "0";
        settings["partitioner"] = "murmur2_random";
        return new ProducerConfig(settings);
    }

    public static ConsumerConfig Consumer(KafkaLogOptions options, string group)
    {
        var settings = Common(options, options.Consumer, new()
        {
            // A broker answers one fetch at a time: a partition that joins waits for the fetch under way, so that must not take long.
            ["fetch.wait.max.ms"] = "100",
            ["fetch.queue.backoff.ms"] = "10",
            ["fetch.error.backoff.ms"] = "100",
            ["queued.max.messages.kbytes"] = "4096",

            // The library unpacks everything that one fetch brought, and foreign batches may grow a thousandfold by that. A quarter of its
            // default bounds this to some 256 MiB. With distant brokers and no foreign producers, a larger value may be better.
            ["fetch.message.max.bytes"] = "262144",
            ["allow.auto.create.topics"] = "false",
        });
        settings["group.id"] = group;
        settings["enable.auto.commit"] = "false";
        settings["enable.auto.offset.store"] = "false";
        settings["auto.offset.reset"] = "error";
        settings["enable.partition.eof"] = "true";
        settings["max.poll.interval.ms"] = "86400000";
        return new ConsumerConfig(settings);
    }

    /// <summary>The settings of a consumer that reads no records and only asks for offsets.</summary>
    public static ConsumerConfig Questions(KafkaLogOptions options, string group)
    {
        var settings = Consumer(options, group);

        // The end is what was acknowledged, even beyond an open transaction; how far records can be read, readers find out themselves.
        settings.IsolationLevel = IsolationLevel.ReadUncommitted;
        return settings;
    }

    private static Dictionary<string, string> Common(
        KafkaLogOptions options, IDictionary<string, string> own, Dictionary<string, string> settings)
    {
        // A broker that comes back should be found at once, not after ten seconds.
        settings["reconnect.backoff.ms"] = "50";
        settings["reconnect.backoff.max.ms"] = "2000";
        settings["socket.nagle.disable"] = "true";

        // A silent broker, whose machine is gone or has stalled, is given up after this time, and its requests go to its successor.
        var silence = Math.Max((long)options.RequestTimeout.TotalMilliseconds, LeastSilenceMilliseconds).ToString(
            CultureInfo.InvariantCulture);
        settings["socket.timeout.ms"] = settings["socket.connection.setup.timeout.ms"] = silence;
        settings["socket.keepalive.enable"] = "true";
        foreach (var (key, value) in options.Client) settings[key] = value;
        foreach (var (key, value) in own) settings[key] = value;
        settings["bootstrap.servers"] = options.BootstrapServers;
        return settings;
    }
}
