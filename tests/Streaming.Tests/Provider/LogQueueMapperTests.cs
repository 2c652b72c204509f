using Banking.Streaming.Provider;

namespace Banking.Streaming.Tests.Provider;

public sealed class LogQueueMapperTests
{
    [Theory]
    [InlineData(0, 0u)]
    [InlineData(1, 0x8000_0000u)]
    [InlineData(2, 0x4000_0000u)]
    [InlineData(3, 0xC000_0000u)]
    [InlineData(4, 0x2000_0000u)]
    public void Position_WhenPartitionsAreAdded_ThenTheOthersStayWhereTheyAre(int partition, uint position) =>
        Assert.Equal(position, LogQueueMapper.Position(partition));

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(64)]
    public void Position_WhenThereIsAPowerOfTwo_ThenThePartitionsLieEvenly(int partitions) =>
        Assert.Equal(
            Enumerable.Range(0, partitions).Select(i => (uint)((1UL << 32) / (ulong)partitions * (ulong)i)),
            Enumerable.Range(0, partitions).Select(LogQueueMapper.Position).Order());
}
