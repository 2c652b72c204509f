using Banking.Client.Loading;
using CsCheck;

namespace Banking.Client.Tests.Loading;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentile_WhenValuesAreAny_ThenItIsWithinOnePercentOfTheSortedOne() =>
        Gen.Select(Gen.Long[0, 10_000_000_000].Array[1, 200], Gen.Double[0, 100]).Sample((micros, percent) =>
        {
            var histogram = new LatencyHistogram();
            foreach (var value in micros) histogram.Add(TimeSpan.FromMicroseconds(value));
            Array.Sort(micros);
            var exact = micros[Math.Max(1, (int)Math.Ceiling(micros.Length * percent / 100)) - 1];

            var told = histogram.Percentile(percent).TotalMicroseconds;

            Assert.InRange(told, exact, exact * 1.01);
        });

    [Fact]
    public void Add_WhenTwoAreAddedUp_ThenBothCount()
    {
        var (one, two) = (new LatencyHistogram(), new LatencyHistogram());
        one.Add(TimeSpan.FromMilliseconds(1));
        two.Add(TimeSpan.FromMilliseconds(9));

        one.Add(two);

        Assert.Equal((2, TimeSpan.FromMilliseconds(9)), (one.Count, one.Max));
        Assert.Equal(TimeSpan.FromMilliseconds(9), one.Percentile(100));
    }

    [Fact]
    public void Percentile_WhenEmpty_ThenZero() => Assert.Equal(TimeSpan.Zero, new LatencyHistogram().Percentile(50));
}
