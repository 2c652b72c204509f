using System.Text.RegularExpressions;
using Confluent.Kafka;
using Microsoft.Extensions.Options;

namespace Banking.Streaming.Kafka;

/// <summary>Stops the start on impossible settings.</summary>
public sealed partial class KafkaLogOptionsValidator : IValidateOptions<KafkaLogOptions>
{
    /// <summary>
    /// The settings that the guarantees rest on: order, no loss, and offsets that only the consumer moves. This package sets them.
    /// </summary>
    private static readonly string[] Fixed =
    [
        "acks", "request.required.acks", "auto.offset.reset", "bootstrap.servers", "metadata.broker.list", "delivery.timeout.ms",
        "message.timeout.ms",
        "enable.auto.commit", "enable.auto.offset.store", "enable.idempotence", "enable.partition.eof", "group.id", "group.instance.id",
        "group.protocol",
        "partitioner", "retries", "message.send.max.retries", "transactional.id", "go.delivery.reports", "enable.gapless.guarantee",
    ];

    public ValidateOptionsResult Validate(string? name, KafkaLogOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        void Check(bool holds, string sentence)
        {
            if (!holds) failures.Add($"Kafka log '{name}': {sentence}");
        }

        Check(!string.IsNullOrWhiteSpace(options.BootstrapServers), "BootstrapServers is missing.");
        Check(IsTopic(options.Topic), $"Topic '{options.Topic}' is no topic's name: 1 to 249 letters, digits, '.', '_' and '-'.");
        Check(
            IsTopic(options.DeadLetters),
            $"DeadLetterTopic '{options.DeadLetters}' is no topic's name: 1 to 249 letters, digits, '.', '_' and '-'.");
        Check(options.DeadLetters != options.Topic, "DeadLetterTopic must differ from Topic.");
        Check(options.Partitions is >= 1 and <= 1_024, $"Partitions is {options.Partitions}; it must be 1 to 1,024.");
        Check(options.ReplicationFactor is null or >= 1, "ReplicationFactor must be above zero, or null.");
        Check(options.Retention is null || options.Retention >= TimeSpan.FromMinutes(1), "Retention must be at least one minute, or null.");
        Check(!string.IsNullOrWhiteSpace(options.Group), "Group is missing.");
        Check(options.AppendTimeout >= TimeSpan.FromSeconds(1), "AppendTimeout must be at least 1 s.");
        Check(options.RequestTimeout >= TimeSpan.FromSeconds(1), "RequestTimeout must be at least 1 s.");
        Check(options.MaxWaitingBytes >= 1, "MaxWaitingBytes must be above zero.");
        Check(options.ReadAheadRecords >= 1, "ReadAheadRecords must be above zero.");
        Check(options.ReadAheadBytes >= 1, "ReadAheadBytes must be above zero.");
        Check(options.MaxReadBytes is >= 128 * 1024 and <= int.MaxValue, "MaxReadBytes must be 128 KiB to 2 GiB.");
        Check(options.WatchInterval >= TimeSpan.FromMilliseconds(100), "WatchInterval must be at least 100 ms.");
        foreach (var key in options.Client.Keys.Concat(options.Producer.Keys).Concat(options.Consumer.Keys))
            Check(
                !Fixed.Contains(key, StringComparer.Ordinal),
                $"the client setting '{key}' can't be set: the guarantees rest on it, or it has a setting of its own.");
        if (failures.Count == 0 && Refusal(options) is { } refusal) failures.Add($"Kafka log '{name}': {refusal}");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Librdkafka's own check of its settings, which it makes only when a client is created.</summary>
    private static string? Refusal(KafkaLogOptions options)
    {
        if (options.Client.Count + options.Producer.Count + options.Consumer.Count == 0) return null;
        try
        {
            new ProducerBuilder<Null, Null>(ClientSettings.Producer(options)).SetLogHandler((_, _) => { }).Build().Dispose();
            new ConsumerBuilder<Ignore, Ignore>(
                ClientSettings.Consumer(options, options.Group)).SetLogHandler((_, _) => { }).Build().Dispose();
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return $"a client setting can't be used: {e.Message}";
        }
    }

    // A file can set a name to null.
    private static bool IsTopic(string? name) => name is not (null or "." or "..") && TopicNames().IsMatch(name);

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,249}\z")]
    private static partial Regex TopicNames();
}
