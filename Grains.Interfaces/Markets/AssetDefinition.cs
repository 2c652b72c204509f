namespace Banking.Markets;

/// <summary>
/// An asset on the market: <c>price = BasePrice * exp(YearlyGrowth * days / 365)</c>, days since <see cref="BaseDate"/> in UTC.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.asset-definition")]
public sealed record AssetDefinition
{
    /// <summary>1 to 64 ASCII letters, digits, <c>_</c> and <c>-</c>.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Such as <c>stock</c>, <c>bond</c>, <c>cash</c>; 1 to 64 ASCII letters, digits, <c>_</c> and <c>-</c>.</summary>
    [Id(1)] public required string Type { get; init; }

    /// <summary>Above 0, up to 6 decimal places.</summary>
    [Id(2)] public required decimal BasePrice { get; init; }

    [Id(3)] public required DateOnly BaseDate { get; init; }

    /// <summary>Continuous growth per year, -10 to 10; at 0.10 a price grows by the factor exp(0.10) in 365 days.</summary>
    [Id(4)] public double YearlyGrowth { get; init; }

    /// <summary>False for cash: it is shown with the assets but neither bought nor sold.</summary>
    [Id(5)] public bool Tradable { get; init; } = true;

    /// <summary>The most units one order may trade; null for no limit.</summary>
    [Id(6)] public long? MaxOrderQuantity { get; init; }
}

/// <summary>What a market knows about its asset.</summary>
[GenerateSerializer, Immutable, Alias("banking.asset-listing")]
public sealed record AssetListing(
    [property: Id(0)] AssetDefinition Definition,
    [property: Id(1)] bool Halted,
    [property: Id(2)] bool Delisted);
