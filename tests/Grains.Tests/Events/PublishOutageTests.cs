using Banking.Events;

namespace Banking.Grains.Tests.Events;

public sealed class PublishOutageTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void After_WhenItFailsAgain_ThenKeepsSinceWhenAndSaysTheLastReason()
    {
        var outage = PublishOutage.After(PublishOutage.After(null, 1, "away", Noon), 2, "full", Noon.AddMinutes(1));

        Assert.Equal((Noon, Noon.AddMinutes(1), "full"), (outage.Since, outage.LastAt, outage.Reason));
    }

    [Fact]
    public void Without_WhenOnlyOnePartitionSucceeds_ThenTheOthersStillFail()
    {
        var outage = PublishOutage.After(PublishOutage.After(null, 1, "away", Noon), 2, "away", Noon);

        var left = outage.Without(1);

        Assert.Equal([2], left!.Partitions);
        Assert.Null(left.Without(2));
    }

    [Fact]
    public void Without_WhenNobodyKnewThePartitions_ThenTheFirstSuccessEndsIt() =>
        Assert.Null(PublishOutage.After(null, PublishOutage.AnyPartition, "not open", Noon).Without(3));
}
