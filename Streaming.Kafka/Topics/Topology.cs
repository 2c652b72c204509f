namespace Banking.Streaming.Kafka.Topics;

/// <summary>What a topic is at a time.</summary>
/// <param name="LogId">Another topic under the same name has another one.</param>
internal sealed record Topology(string LogId, int PartitionCount);
