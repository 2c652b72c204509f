using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Sink.Compaction;

namespace Banking.Sink.Tests.Compaction;

public sealed class RulesTests
{
    private static readonly (long, long)[] Files = [(0, 9), (10, 19), (20, 29), (30, 39)];

    [Fact]
    public void Removable_WhenTwoSavesAreThere_ThenWhatLiesWhollyBelowTheOlderOneGoes() =>
        Assert.Equal([0L, 10L], CleaningRule.Removable(Files, through: 39, saves: [19, 35], next: 40));

    [Fact]
    public void Removable_WhenTheOlderSaveEndsWithinAFile_ThenThatFileStays() =>
        Assert.Equal([0L], CleaningRule.Removable(Files, through: 39, saves: [18, 35], next: 40));

    [Theory]
    [InlineData()]
    [InlineData(39L)]
    [InlineData(39L, 39L)]
    public void Removable_WhenFewerThanTwoSavesAreThere_ThenNothingGoes(params long[] saves) =>
        Assert.Empty(CleaningRule.Removable(Files, through: 39, saves, next: 40));

    [Fact]
    public void Removable_WhenASaveReachesBehindTheChain_ThenItDoesNotCount() =>
        Assert.Empty(CleaningRule.Removable(Files, through: 39, saves: [19, 40], next: 40));

    [Fact]
    public void Removable_WhenAFileIsNotInTheParts_ThenItStays() =>
        Assert.Equal([0L], CleaningRule.Removable(Files, through: 9, saves: [39, 45], next: 50));

    [Fact]
    public void Removable_WhenAllElseWouldLetTheNewestFileGo_ThenItStays() =>
        Assert.DoesNotContain(30L, CleaningRule.Removable(Files, through: 39, saves: [38, 39], next: 40));

    [Fact]
    public void LateOf_WhenAFileStartsBehindTheParts_ThenOnlyThatOneIsLate()
    {
        var chain = new ChainId("log1", 0);
        DayFile[] own = [Of(chain, 0), Of(chain, 10), Of(chain, 20), Of(new ChainId("log1", 1), 0), DayFile.Of("stranger.parquet", 1)];
        var through = new Dictionary<string, long> { [chain.ToString()] = 9 };

        var late = LateFiles.Of(own, through, new HashSet<string> { own[2].Name });

        Assert.Equal([own[1], own[3]], late);
    }

    [Theory]
    [InlineData(0, 1000, false)]
    [InlineData(99, 50, false)]
    [InlineData(100, 1, true)]
    [InlineData(99, 152, true)]
    public void IsFull_WhenRowsAreThere_ThenByWhatTheyAreAndWouldBe(long rows, long next, bool full) =>
        Assert.Equal(full, RowGroupRule.IsFull(rows, next, 100));

    [Theory]
    [InlineData("events-4f2a-p003-00000000000000012345.parquet", "4f2a", 3, 12345)]
    [InlineData("events-a-p1-b-p1234-00000000000000000000.parquet", "a-p1-b", 1234, 0)]
    public void TryParseFile_WhenItIsAChains_ThenTellsChainAndStart(string name, string log, int partition, long start)
    {
        Assert.True(LakePath.TryParseFile(name, out var chain, out var found));
        Assert.Equal((new ChainId(log, partition), start), (chain, found));
    }

    [Theory]
    [InlineData("part-00000.parquet")]
    [InlineData("events-x-00000000000000012345.parquet")]
    [InlineData("events-p003-00000000000000012345.parquet")]
    [InlineData("events--p003-00000000000000012345.parquet")]
    [InlineData("events-4f2a-p003-12345.parquet")]
    [InlineData("events-4f2a-p003-00000000000000012345")]
    [InlineData(".parquet")]
    public void TryParseFile_WhenItIsNoChains_ThenSaysSo(string name) => Assert.False(LakePath.TryParseFile(name, out _, out _));

    private static DayFile Of(ChainId chain, long start) => DayFile.Of($"events-{chain}-{start:D20}.parquet", 1);
}
