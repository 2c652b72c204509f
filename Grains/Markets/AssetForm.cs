using Banking.Accounts;

namespace Banking.Markets;

/// <summary>Checks of an asset's definition by itself.</summary>
public static class AssetForm
{
    private const int MaxNameLength = 64;
    private const double MaxYearlyGrowth = 10;

    /// <summary>A sentence saying what is wrong with the definition; null if nothing is.</summary>
    public static string? Fault(AssetDefinition asset)
    {
        if (!IsAssetName(asset.Name)) return $"An asset's name has 1 to {MaxNameLength} ASCII letters, digits, '_' and '-'.";
        if (!IsAssetName(asset.Type)) return $"The type of {asset.Name} must have 1 to {MaxNameLength} ASCII letters, digits, '_' and '-'.";
        if (asset.BasePrice <= 0 || asset.BasePrice > AccountLimits.MaxUnitPrice || decimal.Round(asset.BasePrice, 6) != asset.BasePrice)
            return $"The base price of {asset.Name} must be above 0, at most {AccountLimits.MaxUnitPrice}, with up to 6 decimal places.";
        if (!(Math.Abs(asset.YearlyGrowth) <= MaxYearlyGrowth))
        {
            return $"The yearly growth of {asset.Name} must be -{MaxYearlyGrowth} to {MaxYearlyGrowth}.";
        }
        return asset.MaxOrderQuantity is < 1 or > AccountLimits.MaxQuantity
            ? $"The largest order of {asset.Name} must be 1 to {AccountLimits.MaxQuantity} units."
            : null;
    }

    public static bool IsAssetName(string? name)
    {
        if (name is not { Length: > 0 and <= MaxNameLength }) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) return false;
        }

        return true;
    }
}
