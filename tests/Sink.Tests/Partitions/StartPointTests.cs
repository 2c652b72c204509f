using Banking.Lake.Chains;
using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Sink.Partitions;

namespace Banking.Sink.Tests.Partitions;

public sealed class StartPointTests
{
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public void Find_WhenThePartitionIsNewAndItsLogIsNot_ThenNothingIsLost()
    {
        var start = Find([0, 0], committed: null, logFirst: 50);

        Assert.Equal((50, true, true), (start.Next, start.Lost.IsEmpty, start.Doubtful.IsEmpty));
    }

    [Theory]
    [InlineData(40, 40)]
    [InlineData(10, 30)]
    public void Find_WhenTheLogBeginsBehindTheCommittedOffsetAndEveryFile_ThenWhatLiesBetweenIsLost(long committed, long firstLost)
    {
        var start = Find([30, 90], committed, logFirst: 50);

        Assert.Equal((50, new OffsetRange(firstLost, 50)), (start.Next, start.Lost));
    }

    [Fact]
    public void Find_WhenTheLogBeginsBeforeTheCommittedOffset_ThenNothingIsLostForCertainAndAllOfTheLogIsLookedAt()
    {
        var start = Find([0, 30], committed: 60, logFirst: 50);

        Assert.Equal((50, true, new OffsetRange(0, 50)), (start.Next, start.Lost.IsEmpty, start.Doubtful));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(1000L)]
    public void Find_WhenTheLakeSaysWhatIsDurable_ThenTheCommittedOffsetDoesNotMatter(long? committed) =>
        Assert.Equal(80, Find([0, 90], committed, logFirst: 0, durable: 80).Next);

    [Fact]
    public void Find_WhenThereAreLettersAndTheLakeSaysWhatIsDurable_ThenThatCounts() =>
        Assert.Equal(20, Find([30, 90], committed: 1000, logFirst: 0, hasLetters: true, durable: 20).Next);

    [Theory]
    [InlineData("b=40", 90)]
    [InlineData("b=41", 50)]
    [InlineData("unknown=7", 90)]
    public void FindDurable_WhenAFileCountsOnOthers_ThenItIsTrustedWhereTheyAreThere(string tails, long durable)
    {
        var ends = new Dictionary<string, ChainTail> { ["a"] = Tail(100, 90, tails), ["b"] = Tail(40, 50, "a=10") };

        Assert.Equal(durable, StartPoint.FindDurable(ends));
    }

    [Fact]
    public void Find_WhenNothingWasCommittedAndTheLogHasAll_ThenGoesOnAtTheOldestEnd()
    {
        var start = Find([30, 90], committed: null, logFirst: 20);

        Assert.Equal((30, true, true), (start.Next, start.Lost.IsEmpty, start.Doubtful.IsEmpty));
    }

    [Fact]
    public void Find_WhenNothingIsCommittedAndTheLogBeginsBehindTheNewestFile_ThenWhatLiesBetweenIsLostAndTheRestDoubtful()
    {
        var start = Find([0, 30, 90], committed: null, logFirst: 95);

        Assert.Equal((95, new OffsetRange(90, 95), new OffsetRange(30, 90)), (start.Next, start.Lost, start.Doubtful));
    }

    [Fact]
    public void Find_WhenNothingIsCommittedAndTheLogBeginsWithinTheFiles_ThenNothingIsLostForCertain()
    {
        var start = Find([0, 30, 90], committed: null, logFirst: 50);

        Assert.Equal((50, true, new OffsetRange(30, 50)), (start.Next, start.Lost.IsEmpty, start.Doubtful));
    }

    [Theory]
    [InlineData(20L, 20)]
    [InlineData(null, 5)]
    public void Find_WhenThereAreLetters_ThenOnlyTheCommittedOffsetIsTrusted(long? committed, long next) =>
        Assert.Equal(next, Find([30, 90], committed, logFirst: 5, hasLetters: true).Next);

    private static ChainTail Tail(long next, long durable, string tails) => new(next, Day)
    {
        Newest = new FileFooter(
            "t", new ChainId("log", 0), 0, next - 1, 1,
            DateTimeOffset.UnixEpoch)
        { Evidence = new SealEvidence(new RecordMark(next - 1, 0, 0), new(10, ""), new(durable, tails)) },
    };

    private static StartPoint Find(long[] ends, long? committed, long logFirst, bool hasLetters = false, long? durable = null) =>
        StartPoint.Find(
            [.. ends.Select(end => end == 0 ? ChainTail.Empty : new ChainTail(end, Day))], durable, committed, logFirst, hasLetters);
}
