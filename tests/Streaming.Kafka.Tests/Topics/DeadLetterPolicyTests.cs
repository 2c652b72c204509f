using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Kafka.Tests.Contract;
using Banking.Streaming.Tests.Provider;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>From a subscriber that fails to the topic where others find what it did not take.</summary>
public sealed class DeadLetterPolicyTests : StreamTests<RealTestLog>
{
    [Fact]
    public async Task OnNext_WhenASubscriberFailsOnOneItem_ThenAnotherClientFindsThatOneAmongTheDeadLetters()
    {
        await using var cluster = await Start(configure: options =>
        {
            options.FailurePolicy = FailurePolicy.DeadLetter;
            options.MaxDeliveryTime = TimeSpan.FromMilliseconds(200);
        });
        var sighting = Sightings.Of("lettered");
        sighting.FailOn = "item 7";

        await cluster.Stream<string>("items", "lettered.a").OnNextBatchAsync(Items(0, 20));

        await Eventually.True(() => sighting.Items.Select(item => item.Item).Distinct().Count() == 19, "the other items");
        var letters = await Kcat.Run(
            "", "-b", Log.Topic.BootstrapServers, "-C", "-t", Log.Topic.Name
                + ".dead-letters", "-o", "beginning", "-e", "-q", "-f", "%k|%h\n");
        var letter = Assert.Single(letters);
        Assert.StartsWith("lettered.a|orleans-stream=items", letter, StringComparison.Ordinal);
        Assert.Contains($"dead-letter-topic={Log.Topic.Name}", letter, StringComparison.Ordinal);
        Assert.Contains(
            "dead-letter-reason=A subscriber of the stream items/lettered.a did not take it within", letter, StringComparison.Ordinal);
    }
}
