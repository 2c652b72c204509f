using Banking.Accounts;

namespace Banking.Markets;

/// <summary>Prices as a function of time.</summary>
public static class PriceModel
{
    /// <summary>
    /// <c>base * exp(rate * days / 365)</c> with whole days of UTC since the base date, to 6 decimal places; kept between 0.000001 and
    /// <see cref="AccountLimits.MaxUnitPrice"/>.
    /// </summary>
    public static decimal PriceOn(AssetDefinition asset, DateTimeOffset now)
    {
        var days = DateOnly.FromDateTime(now.UtcDateTime).DayNumber - asset.BaseDate.DayNumber;
        var price = (double)asset.BasePrice * Math.Exp(asset.YearlyGrowth * days / 365);
        if (price >= (double)AccountLimits.MaxUnitPrice) return AccountLimits.MaxUnitPrice;

        // A price that did not grow is the base price itself, not its rounding by a double.
        var rounded = asset.YearlyGrowth == 0 || days == 0 ? asset.BasePrice : decimal.Round((decimal)price, 6);
        return Math.Max(rounded, 0.000001m);
    }

    public static DateTimeOffset NextMidnight(DateTimeOffset now) => new(now.UtcDateTime.Date.AddDays(1), TimeSpan.Zero);
}
