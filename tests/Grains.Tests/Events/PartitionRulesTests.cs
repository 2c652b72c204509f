using Banking.Events;

namespace Banking.Grains.Tests.Events;

public sealed class PartitionRulesTests
{
    private static readonly EventPartition Old = new("log", 2);
    private static readonly EventPartition Own = new("log", 5);
    private static readonly EventPartition OfAnotherLog = new("gone", 2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Next_WhenNothingWasPublishedYet_ThenTheSilosChoice(bool mayMove) =>
        Assert.Equal(Own, PartitionRules.Next(null, Own, mayMove));

    [Fact]
    public void Next_WhenTheLogIsNotOpen_ThenAsItIs()
    {
        Assert.Null(PartitionRules.Next(null, null, false));
        Assert.Equal(Old, PartitionRules.Next(Old, null, false));
    }

    [Fact]
    public void Next_WhenElsewhere_ThenMovesOnlyWhenItMay()
    {
        Assert.Equal(Old, PartitionRules.Next(Old, Own, mayMove: false));
        Assert.Equal(Own, PartitionRules.Next(Old, Own, mayMove: true));
    }

    // It may have a number that this log does not have, and would wait for it for ever.
    [Fact]
    public void Next_WhenThePartitionIsOfALogThatIsGone_ThenTheSilosChoiceAtOnce() =>
        Assert.Equal(Own, PartitionRules.Next(OfAnotherLog, Own, mayMove: false));

    [Fact]
    public void WantsToMove_WhenElsewhereInThisLog_ThenYes() => Assert.True(PartitionRules.WantsToMove(Old, Own, hasGrown: false));

    [Fact]
    public void WantsToMove_WhenThereIsNothingToMoveOrNowhereToGo_ThenNo()
    {
        Assert.False(PartitionRules.WantsToMove(null, Own, false));
        Assert.False(PartitionRules.WantsToMove(Own, Own with { }, false));
        Assert.False(PartitionRules.WantsToMove(Old, null, false));
        Assert.False(PartitionRules.WantsToMove(OfAnotherLog, Own, false));
    }

    [Fact]
    public void WantsToMove_WhenTheSilosOwnCountIsTooSmall_ThenNo() => Assert.False(PartitionRules.WantsToMove(Old, Own, hasGrown: true));
}
