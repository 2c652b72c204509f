using Banking.Storage.Postgres;

namespace Banking.Storage.Tests.Postgres;

public class WriterCountTests
{
    private readonly WriterCount _count = new(epoch: 0);

    [Fact]
    public void Settle_WhenAnAnswerWasLost_TakesEitherOutcome()
    {
        Commit(3);
        _count.Sent();

        Assert.True(_count.Settle(3));
        Assert.Equal(3, _count.Expected);
        Assert.True(_count.Settle(4));
        Assert.Equal(4, _count.Expected);
        Assert.Equal(3, _count.Acknowledged);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(2L)]
    [InlineData(5L)]
    public void Settle_WhenTheRowSaysWhatItCannot_IsFalse(long? stored)
    {
        Commit(3);
        _count.Sent();

        Assert.False(_count.Settle(stored));
    }

    [Fact]
    public void Settle_WhenEverythingWasAnswered_TakesNothingElse()
    {
        Commit(2);

        Assert.True(_count.Settle(2));
        Assert.False(_count.Settle(3));
    }

    private void Commit(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _count.Sent();
            _count.Committed();
        }
    }
}
