using Banking.Waiting;

namespace Banking.Grains.Tests.Waiting;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 200)]
    [InlineData(2, 400)]
    [InlineData(4, 1_600)]
    [InlineData(5, 3_000)]
    [InlineData(int.MaxValue, 3_000)]
    public void After_WhenTriesFailed_ThenDoublesUpToTheLongest(int failures, int milliseconds) =>
        Assert.Equal(
            TimeSpan.FromMilliseconds(milliseconds),
            new Backoff(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(3)).After(failures));
}
