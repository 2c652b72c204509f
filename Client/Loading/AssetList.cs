namespace Banking.Client.Loading;

/// <summary>The assets that a load trades, with the prices seen at its start.</summary>
internal sealed class AssetList(IReadOnlyList<(string Name, decimal Price)> assets)
{
    // Prices move while the load runs, but by far less than this in any run that ends.
    private const decimal Drift = 0.05m;

    public int Count => assets.Count;

    public string NameOf(int index) => assets[index].Name;

    public decimal PriceOf(int index) => assets[index].Price;

    /// <summary>The index of an asset; -1 if the load knows no asset with that name.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < assets.Count; i++)
            if (assets[i].Name == name) return i;
        return -1;
    }

    /// <summary>The least and the most that units may cost now.</summary>
    public (decimal Least, decimal Most) CostOf(int index, long quantity)
    {
        var cost = assets[index].Price * quantity;
        return (cost * (1 - Drift), (cost * (1 + Drift)) + 0.01m);
    }

    public bool IsNear(int index, decimal price) => Math.Abs(price - assets[index].Price) <= assets[index].Price * Drift;
}
