using Banking.Silo.Health;

namespace Banking.Silo.Tests.Health;

public sealed class LagHistoryTests
{
    private readonly LagHistory _history = new();

    [Fact]
    public void BehindSince_WhenTheLakeHasAll_ThenNever()
    {
        _history.Add(0, at: 10, end: 5);

        Assert.Null(_history.BehindSince(0, durable: 5));
        Assert.Null(_history.BehindSince(1, durable: 0));
    }

    [Fact]
    public void BehindSince_WhenTheLakeFollows_ThenCountsFromWhatItStillLacks()
    {
        _history.Add(0, at: 10, end: 5);
        _history.Add(0, at: 20, end: 9);
        _history.Add(0, at: 30, end: 9);

        Assert.Equal(10, _history.BehindSince(0, durable: 4));
        Assert.Equal(20, _history.BehindSince(0, durable: 5));
        Assert.Null(_history.BehindSince(0, durable: 9));
    }

    [Fact]
    public void BehindSince_WhenTheLogGrowsForLong_ThenStillKnowsTheFirstLook()
    {
        for (var at = 1; at <= 100_000; at++) _history.Add(0, at, end: at);

        Assert.Equal(1, _history.BehindSince(0, durable: 0));
    }

    [Fact]
    public void Add_WhenTheLogIsAnotherOne_ThenBeginsAnew()
    {
        _history.Add(0, at: 10, end: 500);
        _history.Add(0, at: 20, end: 3);

        Assert.Equal(20, _history.BehindSince(0, durable: 0));
    }
}
