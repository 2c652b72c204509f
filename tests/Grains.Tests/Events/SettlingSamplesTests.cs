using Banking.Events;

namespace Banking.Grains.Tests.Events;

public sealed class SettlingSamplesTests
{
    private readonly SettlingSamples _samples = new();

    [Fact]
    public void IsSettled_WhenNothingIsKnown_ThenNotAndASampleIsNeeded()
    {
        Assert.False(_samples.IsSettled(10));
        Assert.True(_samples.IsAsked && _samples.NeedsSample);
    }

    [Fact]
    public void IsSettled_WhenTheEndOfALaterTimeIsDurable_ThenYes()
    {
        _samples.IsSettled(10);
        _samples.Sample(at: 11, end: 100);
        _samples.Observe(99);
        Assert.False(_samples.IsSettled(10));

        _samples.Observe(100);

        Assert.True(_samples.IsSettled(10));
        Assert.False(_samples.IsAsked || _samples.NeedsSample);
    }

    [Fact]
    public void IsSettled_WhenTheEndIsOfTheSameTick_ThenNot()
    {
        _samples.IsSettled(10);
        _samples.Sample(at: 10, end: 100);

        _samples.Observe(100);

        Assert.False(_samples.IsSettled(10));
        Assert.True(_samples.NeedsSample);
    }

    // A busy partition's lake is always behind: it must not have to catch up with the newest end.
    [Fact]
    public void Observe_WhenTheLakeIsAlwaysBehind_ThenEarlierTimesSettleAllTheSame()
    {
        for (var second = 0; second < 30; second++)
        {
            Assert.False(_samples.IsSettled(second));
            _samples.Sample(at: second + 1, end: 100 * (second + 1));
        }

        _samples.Observe(1_050);

        Assert.True(_samples.IsSettled(9));
        Assert.False(_samples.IsSettled(10));
    }

    [Fact]
    public void Sample_WhenTheLakeIsAway_ThenTheyAreBounded()
    {
        var taken = 0;
        for (var second = 0; second < 1_000; second++)
        {
            _samples.IsSettled(second);
            if (!_samples.NeedsSample) continue;
            _samples.Sample(second + 1, second);
            taken++;
        }

        Assert.Equal(SettlingSamples.Capacity, taken);
    }
}
