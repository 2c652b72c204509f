using Banking.Accounts;
using Banking.Markets;

namespace Banking.Grains.Tests.Markets;

public sealed class AssetFormTests
{
    private static readonly AssetDefinition Good =
        new() { Name = "stock_a", Type = "stock", BasePrice = 5, BaseDate = new(2020, 1, 1), YearlyGrowth = 0.1 };

    [Fact]
    public void Fault_WhenEverythingIsInRange_ThenNull() =>
        Assert.All(
            [Good, Good with { YearlyGrowth = -10 }, Good with { YearlyGrowth = 10 }, Good with { MaxOrderQuantity = 1 },
                Good with { BasePrice = AccountLimits.MaxUnitPrice }],
            asset => Assert.Null(AssetForm.Fault(asset)));

    [Fact]
    public void Fault_WhenAnythingIsOutOfRange_ThenASentence() =>
        Assert.All(
            [
                Good with { Name = "" }, Good with { Name = null! }, Good with { Name = "stock a" }, Good with { Name = "aktie_ä" },
                Good with { Name = new('x', 65) },
                Good with { Type = "" }, Good with { Type = "a/b" },
                Good with { BasePrice = 0 }, Good with { BasePrice = -1 }, Good with { BasePrice = 0.0000001m },
                Good with { BasePrice = AccountLimits.MaxUnitPrice + 1 },
                Good with { YearlyGrowth = 10.01 }, Good with { YearlyGrowth = double.NaN },
                Good with { YearlyGrowth = double.NegativeInfinity },
                Good with { MaxOrderQuantity = 0 }, Good with { MaxOrderQuantity = AccountLimits.MaxQuantity + 1 },
            ],
            asset => Assert.EndsWith(".", AssetForm.Fault(asset), StringComparison.Ordinal));

    [Fact]
    public void Validate_WhenOptionsAreImpossible_ThenNamesEachSetting()
    {
        var options = new MarketOptions { QuoteLifetime = TimeSpan.Zero };
        options.Assets.Add(new AssetSetting { Name = "a", Type = "stock", BasePrice = 1 });
        options.Assets.Add(new AssetSetting { Name = "a", Type = "stock", BasePrice = 0 });

        var failures = new MarketOptionsValidator().Validate(null, options).Failures!.ToList();

        Assert.Equal(3, failures.Count);
        Assert.All(failures, f => Assert.StartsWith("Banking:Markets:", f, StringComparison.Ordinal));
    }

    [Fact]
    public void Validate_WhenAccountOptionsAreImpossible_ThenNamesTheSetting()
    {
        var validator = new AccountOptionsValidator();

        Assert.True(validator.Validate(null, new AccountOptions()).Succeeded);
        Assert.Contains(
            "Banking:Accounts:RememberedActions", validator.Validate(null, new AccountOptions { RememberedActions = 0 }).FailureMessage,
            StringComparison.Ordinal);
        Assert.Contains(
            "SweepPeriod", validator.Validate(null, new AccountOptions { SweepPeriod = TimeSpan.Zero }).FailureMessage,
            StringComparison.Ordinal);
    }
}
