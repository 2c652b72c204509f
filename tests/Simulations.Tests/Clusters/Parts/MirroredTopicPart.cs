using Banking.Streaming.Kafka.Tests.Brokers;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>
/// The log on a topic of a broker that stays up. What is put back is a topic of its own with the records that the first one had then, as a
/// mirror of it is: to the bank it is another log. A topic that got nothing since is put back itself.
/// </summary>
internal sealed class MirroredTopicPart(string bootstrapServers) : ILogPart
{
    private readonly List<TestTopic> _topics = [new(bootstrapServers)];
    private readonly Dictionary<int, (TestTopic Topic, long[] Ends)> _copies = [];
    private TestTopic? _used;

    public bool BecomesAnother => true;

    private TestTopic Used => _used ?? _topics[0];

    public void Configure(IDictionary<string, string?> settings) =>
        (settings["Banking:Kafka:BootstrapServers"], settings["Banking:Kafka:Topic"]) = (bootstrapServers, Used.Name);

    public Task Save(int copy)
    {
        _copies[copy] = (Used, TopicRecords.Ends(Used));
        return Task.CompletedTask;
    }

    public async Task PutBack(int copy)
    {
        var (topic, ends) = _copies[copy];
        if (!TopicRecords.Ends(topic).SequenceEqual(ends))
        {
            var mirror = new TestTopic(bootstrapServers);
            _topics.Add(mirror);
            await mirror.Make();
            await TopicRecords.Copy(topic, ends, mirror);
            topic = mirror;
        }

        _used = topic;
    }

    public Task<long[]> ReadEnds(int copy, CancellationToken cancellationToken) => Task.FromResult(_copies[copy].Ends);

    public async ValueTask DisposeAsync()
    {
        foreach (var topic in _topics) await topic.DisposeAsync();
    }
}
