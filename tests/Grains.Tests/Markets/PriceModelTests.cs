using Banking.Accounts;
using Banking.Markets;

namespace Banking.Grains.Tests.Markets;

public sealed class PriceModelTests
{
    private static readonly DateOnly Base = new(2020, 1, 1);

    // Reference values by another tool: 5 * e^(rate * days / 365), python's decimal module with 28 digits.
    [Theory]
    [InlineData(0.10, 0, "5")]
    [InlineData(0.10, 1, "5.001370")]
    [InlineData(0.10, 365, "5.525855")]
    [InlineData(0.04, 365, "5.204054")]
    [InlineData(0.10, 3650, "13.591409")]
    [InlineData(0.10, -365, "4.524187")]
    public void PriceOn_WhenDaysPass_ThenGrowsContinuously(double growth, int days, string expected)
    {
        var price = PriceModel.PriceOn(Asset(growth), At(days));

        Assert.Equal(decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), price);
    }

    [Fact]
    public void PriceOn_WhenItDoesNotGrow_ThenTheBasePriceExactly() =>
        Assert.Equal(123_456_789_012.345678m, PriceModel.PriceOn(Asset(0) with { BasePrice = 123_456_789_012.345678m }, At(2000)));

    [Fact]
    public void PriceOn_WhenGrowthIsExtreme_ThenStaysWithinItsBounds()
    {
        Assert.Equal(AccountLimits.MaxUnitPrice, PriceModel.PriceOn(Asset(10), At(365_000)));
        Assert.Equal(0.000001m, PriceModel.PriceOn(Asset(-10), At(365_000)));
    }

    [Fact]
    public void PriceOn_WhenTheDayIsGivenInAnotherZone_ThenUtcCounts() =>
        Assert.Equal(
            PriceModel.PriceOn(Asset(0.1), At(9)),
            PriceModel.PriceOn(Asset(0.1), new DateTimeOffset(2020, 1, 11, 1, 0, 0, TimeSpan.FromHours(2))));

    [Fact]
    public void NextMidnight_WhenAnyTime_ThenTheNextUtcDay()
    {
        Assert.Equal(At(10), PriceModel.NextMidnight(At(9)));
        Assert.Equal(At(10), PriceModel.NextMidnight(At(10).AddTicks(-1)));
        Assert.Equal(TimeSpan.Zero, PriceModel.NextMidnight(new DateTimeOffset(2020, 1, 1, 23, 0, 0, TimeSpan.FromHours(-5))).Offset);
    }

    private static AssetDefinition Asset(double growth) =>
        new() { Name = "stock_a", Type = "stock", BasePrice = 5, BaseDate = Base, YearlyGrowth = growth };

    private static DateTimeOffset At(int days) => new(Base.AddDays(days), TimeOnly.MinValue, TimeSpan.Zero);
}
