using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Topics;

/// <summary>Looks at topics and makes them. Thread-safe.</summary>
internal sealed class TopicAdmin(IAdminClient admin, KafkaLogOptions options)
{
    /// <returns>Null if there is no such topic.</returns>
    /// <exception cref="KafkaException">The brokers did not answer, or refused.</exception>
    public async Task<Topology?> DescribeAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await admin
                .DescribeTopicsAsync(TopicCollection.OfTopicNames([topic]), new DescribeTopicsOptions { RequestTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
            var description = answer.TopicDescriptions[0];
            return new Topology(await LogIdAsync(description, cancellationToken), description.Partitions.Count);
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

    /// <summary>Makes the topic; that another process made it meanwhile is as good.</summary>
    public async Task CreateAsync(TopicSpecification topic, CancellationToken cancellationToken)
    {
        try
        {
            await admin.CreateTopicsAsync([topic], new CreateTopicsOptions { RequestTimeout = options.RequestTimeout, OperationTimeout = options.RequestTimeout })
                .WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException e) when (e.Results is [{ Error.Code: ErrorCode.TopicAlreadyExists }])
        {
            // By another silo, between our look and now.
        }
    }

    public TopicSpecification EventTopic() => Specification(options.Topic, options.Partitions, options.LogAppendTime);

    public TopicSpecification DeadLetterTopic() => Specification(options.DeadLetters, partitions: 1, logAppendTime: false);

    private TopicSpecification Specification(string topic, int partitions, bool logAppendTime)
    {
        var retention = options.Retention is { } time ? (long)time.TotalMilliseconds : -1;
        var configs = new Dictionary<string, string> { ["retention.ms"] = retention.ToString(CultureInfo.InvariantCulture) };
        if (logAppendTime) configs["message.timestamp.type"] = "LogAppendTime";
        return new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = options.ReplicationFactor ?? -1, Configs = configs };
    }

    private async ValueTask<string> LogIdAsync(TopicDescription topic, CancellationToken cancellationToken)
    {
        if (topic.TopicId is { MostSignificantBits.Value: not 0 } id) return id.MostSignificantBits.Value.ToString("x16", CultureInfo.InvariantCulture);

        // Brokers before 2.8 give no topic ids: the cluster and the name have to do, and a topic made anew is not told from the old one.
        var cluster = await admin.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = options.RequestTimeout }).WaitAsync(cancellationToken);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{cluster.ClusterId}/{topic.Name}")).AsSpan(0, 8));
    }
}
