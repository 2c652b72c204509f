using Microsoft.Extensions.Options;

namespace Banking.Markets;

/// <summary>Settings of markets, bound to <see cref="Section"/>.</summary>
public sealed class MarketOptions
{
    public const string Section = "Banking:Markets";

    /// <summary>
    /// How long a silo trades on a quote before it asks the market again, and so how long a halt takes to reach it; 10 ms to one minute.
    /// </summary>
    public TimeSpan QuoteLifetime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The assets to list at start unless they are listed already.</summary>
    public IList<AssetSetting> Assets { get; } = [];
}

/// <summary>An <see cref="AssetDefinition"/> as configuration binds it.</summary>
public sealed class AssetSetting
{
    public string Name { get; set; } = "";

    public string Type { get; set; } = "";

    public decimal BasePrice { get; set; }

    public DateOnly BaseDate { get; set; }

    public double YearlyGrowth { get; set; }

    public bool Tradable { get; set; } = true;

    public long? MaxOrderQuantity { get; set; }

    public AssetDefinition ToDefinition() => new()
    {
        Name = Name,
        Type = Type,
        BasePrice = BasePrice,
        BaseDate = BaseDate,
        YearlyGrowth = YearlyGrowth,
        Tradable = Tradable,
        MaxOrderQuantity = MaxOrderQuantity,
    };
}

/// <summary>Stops the start if a market's settings are impossible.</summary>
public sealed class MarketOptionsValidator : IValidateOptions<MarketOptions>
{
    public ValidateOptionsResult Validate(string? name, MarketOptions options)
    {
        var failures = options.Assets
            .Select(a => AssetForm.Fault(a.ToDefinition()))
            .OfType<string>()
            .Select(f => $"{MarketOptions.Section}:{nameof(options.Assets)}: {f}")
            .ToList();
        if (options.QuoteLifetime < TimeSpan.FromMilliseconds(10) || options.QuoteLifetime > TimeSpan.FromMinutes(1))
            failures.Add($"{MarketOptions.Section}:{nameof(options.QuoteLifetime)} must be 10 ms to 1 minute.");
        if (options.Assets.DistinctBy(a => a.Name).Count() != options.Assets.Count)
        {
            failures.Add($"{MarketOptions.Section}:{nameof(options.Assets)} names an asset twice.");
        }
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
