namespace Banking.Streaming.Kafka.Topics;

/// <summary>What a topic is at a time.</summary>
/// <param name="LogId">Another topic under the same name has another one.</param>
/// <param name="Replicas">How many brokers keep each record; the least of all partitions.</param>
internal sealed record Topology(string LogId, int PartitionCount, int Replicas);
