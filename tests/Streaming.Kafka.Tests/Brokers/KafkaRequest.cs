namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>Kinds of requests, by Kafka's API key.</summary>
internal enum KafkaRequest : short
{
    Produce = 0,
    Fetch = 1,
    ListOffsets = 2,
    Metadata = 3,
    OffsetCommit = 8,
    OffsetFetch = 9,
    FindCoordinator = 10,
    InitProducerId = 22,
}
