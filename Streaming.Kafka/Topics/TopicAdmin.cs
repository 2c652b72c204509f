using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Topics;

/// <summary>Looks up topics and creates them. Thread-safe.</summary>
internal sealed class TopicAdmin(IAdminClient admin, KafkaLogOptions options, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <returns>Null if there is no such topic.</returns>
    /// <exception cref="KafkaException">The brokers did not answer, or refused.</exception>
    public async Task<Topology?> DescribeAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await admin
                .DescribeTopicsAsync(
                    TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
            var description = answer.TopicDescriptions[0];
            var replicas = description.Partitions.Select(partition => partition.Replicas.Count).DefaultIfEmpty(1).Min();
            return new Topology(await LogIdAsync(description, cancellationToken), description.Partitions.Count, replicas);
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions is [{ Error.Code: ErrorCode.UnknownTopicOrPart }])
        {
            return null;
        }
        catch (DescribeTopicsException e) when (e.Results.TopicDescriptions is [{ Error: var error }])
        {
            throw new KafkaException(error, e);
        }
    }

    /// <summary>The settings of an existing topic. A broker that does not know it yet is asked again, for the time of a request.</summary>
    /// <exception cref="KafkaException">The brokers did not answer.</exception>
    public async Task<TopicSettings> SettingsAsync(string topic, CancellationToken cancellationToken)
    {
        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        for (var start = time.GetTimestamp(); ; await Task.Delay(Pause, time, cancellationToken))
        {
            try
            {
                var answers = await admin
                    .DescribeConfigsAsync([resource], new DescribeConfigsOptions { RequestTimeout = options.RequestTimeout })
                    .WaitAsync(cancellationToken);
                return TopicSettings.Read(answers[0].Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value));
            }
            catch (KafkaException e) when (
                ErrorOf(e).Code == ErrorCode.UnknownTopicOrPart && time.GetElapsedTime(start) < options.RequestTimeout)
            {
                // Brokers learn of a new topic one after the other.
            }
            catch (KafkaException e) when (IsNotToBeKnown(ErrorOf(e).Code))
            {
                return TopicSettings.Unknown(ErrorOf(e).Reason);
            }
        }
    }

    /// <summary>
    /// Makes the topic accept appends only while a suitable number of its replicas have them. It does no harm if this is not allowed here.
    /// </summary>
    public async Task SetMinInSyncReplicasAsync(string topic, int replicas, CancellationToken cancellationToken)
    {
        if (MinInSyncReplicas(replicas) is not { } least) return;
        var change = new Dictionary<ConfigResource, List<ConfigEntry>>
        {
            [new ConfigResource { Type = ResourceType.Topic, Name = topic }] =
                [new ConfigEntry { Name = "min.insync.replicas", Value = least, IncrementalOperation = AlterConfigOpType.Set }],
        };
        try
        {
            await admin.IncrementalAlterConfigsAsync(change, new IncrementalAlterConfigsOptions { RequestTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
        }
        catch (KafkaException)
        {
            // The check of the topic's settings reports what they are.
        }
    }

    /// <summary>Creates the topic; it is just as good if another process has created it meanwhile.</summary>
    /// <returns>The topic as the brokers created it; null if none of those asked, for the time of a request, has heard of it.</returns>
    public async Task<Topology?> CreateAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        try
        {
            await admin.CreateTopicsAsync(
                [topic], new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException e) when (e.Results is [{ Error.Code: ErrorCode.TopicAlreadyExists }])
        {
            // Another silo has created it since we looked.
        }

        while (true)
        {
            if (await DescribeAsync(topic.Name, cancellationToken) is { } made) return made;
            if (time.GetElapsedTime(start) > options.RequestTimeout) return null;
            await Task.Delay(Pause, time, cancellationToken);
        }
    }

    public TopicSpecification EventTopic() => Specification(options.Topic, options.Partitions, options.LogAppendTime);

    public TopicSpecification DeadLetterTopic() => Specification(options.DeadLetters, partitions: 1, logAppendTime: false);

    private TopicSpecification Specification(string topic, int partitions, bool logAppendTime)
    {
        var retention = options.Retention is { } time ? (long)time.TotalMilliseconds : -1;
        var configs = new Dictionary<string, string> { ["retention.ms"] = retention.ToString(CultureInfo.InvariantCulture) };

        // Acknowledged records must never be given up for a broker that lacks them.
        configs["unclean.leader.election.enable"] = "false";
        if (options.ReplicationFactor is { } replicas && MinInSyncReplicas(replicas) is { } least) configs["min.insync.replicas"] = least;
        if (logAppendTime) configs["message.timestamp.type"] = "LogAppendTime";
        return new TopicSpecification
        {
            Name = topic,
            NumPartitions = partitions,
            ReplicationFactor = options.ReplicationFactor ?? -1,
            Configs = configs
        };
    }

    /// <summary>
    /// With three replicas one may be down while each record is still on two. With two replicas, one being down would stop all appends.
    /// </summary>
    private static string? MinInSyncReplicas(int replicas) => replicas >= 3 ? "2" : null;

    private static Error ErrorOf(KafkaException e) => e is DescribeConfigsException { Results: [{ Error: var error }] } ? error : e.Error;

    private static bool IsNotToBeKnown(ErrorCode code) =>
        code is ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.Local_UnsupportedFeature
            or ErrorCode.UnsupportedVersion;

    private async ValueTask<string> LogIdAsync(TopicDescription topic, CancellationToken cancellationToken)
    {
        if (topic.TopicId is { MostSignificantBits.Value: not 0 } id)
        {
            return id.MostSignificantBits.Value.ToString("x16", CultureInfo.InvariantCulture);
        }

        // Brokers before 2.8 give no topic ids: the cluster and the name have to suffice, and a recreated topic can't be told from the old
        // one.
        var cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = options.RequestTimeout }).WaitAsync(
            cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster.ClusterId}/{topic.Name}")).AsSpan(0, 8));
    }
}

/// <summary>What a topic is at some point in time.</summary>
/// <param name="LogId">The log's id; another topic under the same name has another id.</param>
/// <param name="Replicas">How many brokers keep each record; the lowest number of all partitions.</param>
internal sealed record Topology(string LogId, int PartitionCount, int Replicas);
