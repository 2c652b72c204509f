using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Confluent.Kafka;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>
/// The log on a topic of a broker of the tests' own. A copy has the broker's own files of the topic, as one of its disk has them; the
/// broker is killed and started again where they take the place of the present ones: the topic is the same, and has lost its end.
/// </summary>
internal sealed class TopicPart(ServerStack stack, CopyFolders copies) : ILogPart
{
    private const string Broker = "kafka";

    private readonly TestTopic _topic = new(stack.BootstrapServers);
    private readonly Dictionary<int, long[]> _ends = [];

    public bool BecomesAnother => false;

    private string[] Folders => stack.FindFolders(_topic.Name + "-*");

    public void Configure(IDictionary<string, string?> settings) =>
        (settings["Banking:Kafka:BootstrapServers"], settings["Banking:Kafka:Topic"]) = (_topic.BootstrapServers, _topic.Name);

    public Task Save(int copy)
    {
        if (Folders.Length == 0) Assert.Skip("Needs the files of the broker that BANKING_STACK starts, in the folder that it is given.");
        long[] before;
        do
        {
            before = TopicRecords.Ends(_topic);
            foreach (var folder in Folders) CopyFiles(folder, Path.Combine(copies[copy], Path.GetFileName(folder)));
            _ends[copy] = TopicRecords.Ends(_topic);

            // What a silo had sent before it was killed may come after that.
        }
        while (!before.SequenceEqual(_ends[copy]));

        return Task.CompletedTask;
    }

    public async Task PutBack(int copy)
    {
        await stack.Kill(Broker);
        foreach (var folder in Folders)
        {
            Directory.Delete(folder, recursive: true);
            FolderCopy.Make(Path.Combine(copies[copy], Path.GetFileName(folder)), folder);
        }

        await stack.Start(Broker);
        await Eventually.True(() => Task.FromResult(HasEnds(_ends[copy])), "the broker has the copy of the topic");
    }

    public Task<long[]> ReadEnds(int copy, CancellationToken cancellationToken) => Task.FromResult(_ends[copy]);

    public ValueTask DisposeAsync() => _topic.DisposeAsync();

    // The broker makes missing indexes anew, which are large.
    private static bool IsIndex(string file) => Path.GetExtension(file) is ".index" or ".timeindex";

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from).Where(file => !IsIndex(file)))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }

    private bool HasEnds(long[] ends)
    {
        try
        {
            return TopicRecords.Ends(_topic).SequenceEqual(ends);
        }
        catch (KafkaException)
        {
            // Its partitions have no leader yet.
            return false;
        }
    }
}
