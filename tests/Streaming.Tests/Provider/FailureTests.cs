using System.Text;
using Banking.Streaming.Log;
using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class FailureTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Fact]
    public async Task OnNext_WhenTheConsumerFailsForAWhile_ThenItLosesNothing()
    {
        await using var cluster = await Start();
        var sighting = Sightings.Of("failing");
        sighting.FailuresLeft = 5;

        await cluster.Stream<string>("items", "failing.a").OnNextBatchAsync(Items(0, 50));

        await Eventually.True(() => sighting.Items.Length >= 50, "50 items");
        Assert.Equal(Items(0, 50), sighting.Items.Select(item => item.Item));
        Assert.Equal(0, sighting.Errors);
    }

    [Fact]
    public async Task OnNext_WhenOneStreamFailsForEver_ThenItsNeighboursGoOn()
    {
        await using var cluster = await Start();
        Sightings.Of("stuck").FailOn = "item 0";
        await cluster.Stream<string>("items", "stuck.a").OnNextAsync("item 0");

        foreach (var key in Enumerable.Range(0, 16)) await cluster.Stream<string>("items", $"neighbour.{key}").OnNextAsync("item");

        await Eventually.True(() => Sightings.Of("neighbour").Items.Length == 16, "the neighbours' items");
        Assert.Empty(Sightings.Of("stuck").Items);
    }

    [Fact]
    public async Task OnNext_WhenThePolicyIsSkip_ThenOnlyTheItemThatFailsIsSkipped()
    {
        await using var cluster = await Start(configure: Skip);
        var sighting = Sightings.Of("skipping");
        sighting.FailOn = "item 7";

        await cluster.Stream<string>("items", "skipping.a").OnNextBatchAsync(Items(0, 20));

        await Eventually.True(() => sighting.Items.Select(item => item.Item).Distinct().Count() == 19, "the other items");
        Assert.DoesNotContain("item 7", sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Decode_WhenARecordCannotBeReadAndThePolicyIsSkip_ThenTheOthersAreDelivered()
    {
        await using var cluster = await Start(configure: Skip);
        var stream = cluster.Stream<string>("items", "garbled.a");
        await stream.OnNextAsync("before");
        await AppendGarbage(cluster, "garbled.a");
        await stream.OnNextAsync("after");

        var sighting = Sightings.Of("garbled");
        await Eventually.True(() => sighting.Items.Length >= 2, "both items");
        Assert.Equal(["before", "after"], sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Decode_WhenARecordCannotBeReadAndThePolicyIsBlock_ThenNothingPassesIt()
    {
        await using var cluster = await Start();
        var stream = cluster.Stream<string>("items", "blocked.a");
        await stream.OnNextAsync("before");
        await Eventually.True(() => Sightings.Of("blocked").Items.Length == 1, "the item before");
        await AppendGarbage(cluster, "blocked.a");
        await stream.OnNextAsync("after");

        await cluster.Stream<string>("items", "unblocked.a").OnNextAsync("other");

        await Eventually.True(() => Sightings.Of("unblocked").Items.Length == 1, "another stream's item");
        Assert.Equal(["before"], Sightings.Of("blocked").Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Decode_WhenARecordCannotBeReadAndThePolicyIsDeadLetter_ThenItsLetterIsDurableBeforeOthersPass()
    {
        // The time that a delivery has is longer than the test's patience: an undecodable record does not wait for it.
        var opened = new TaskCompletionSource();
        var letters = new MemoryLetters { Opened = opened.Task, FailuresLeft = 1 };
        await using var cluster = await Start(configure: options => options.FailurePolicy = FailurePolicy.DeadLetter, letters: letters);
        var sighting = Sightings.Of("buried");
        await AppendGarbage(cluster, "buried.a");
        await cluster.Stream<string>("items", "buried.a").OnNextAsync("after");
        await cluster.Stream<string>("items", "unburied.a").OnNextAsync("other");
        await Eventually.True(() => Sightings.Of("unburied").Items.Length == 1, "another stream's item");
        Assert.Empty(sighting.Items);

        opened.SetResult();

        await Eventually.True(() => sighting.Items.Length == 1, "the item behind");
        var letter = Assert.Single(letters.Letters);
        Assert.Equal([0xff, 0xff, 0xff], letter.Record.Value.ToArray());
        Assert.StartsWith("It can't be read as String of the stream items/buried.a: ", letter.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OnNext_WhenThePolicyIsDeadLetter_ThenOnlyTheItemThatFailsIsALetter()
    {
        var letters = new MemoryLetters();
        await using var cluster = await Start(configure: DeadLetter, letters: letters);
        var sighting = Sightings.Of("burying");
        sighting.FailOn = "item 7";

        await cluster.Stream<string>("items", "burying.a").OnNextBatchAsync(Items(0, 20));

        await Eventually.True(() => sighting.Items.Select(item => item.Item).Distinct().Count() == 19, "the other items");
        var letter = Assert.Single(letters.Letters);
        Assert.Equal("A subscriber of the stream items/burying.a did not take it within 00:00:00.2000000.", letter.Reason);
    }

    private static void DeadLetter(LogStreamOptions options)
    {
        Skip(options);
        options.FailurePolicy = FailurePolicy.DeadLetter;
    }

    private static void Skip(LogStreamOptions options)
    {
        options.FailurePolicy = FailurePolicy.Skip;
        options.MaxDeliveryTime = TimeSpan.FromMilliseconds(200);
    }

    private static async Task AppendGarbage(StreamCluster cluster, string key)
    {
        var stream = StreamId.Create("items", key);
        var partition = Murmur2.Partition(stream.Key.Span, cluster.Log.PartitionCount);
        var header = new LogHeader("orleans-stream", Encoding.UTF8.GetBytes($"items\0{key}"));
        await cluster.Log.AppendAsync(partition, [new NewLogRecord(default, new byte[] { 0xff, 0xff, 0xff }, [header])], Cancellation);
    }
}
