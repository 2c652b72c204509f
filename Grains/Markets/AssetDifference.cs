using System.Globalization;

namespace Banking.Markets;

/// <summary>Where the settings' definition of an asset and that of storage differ.</summary>
public static class AssetDifference
{
    /// <returns>Each difference by the setting's name, such as <c>YearlyGrowth is 0.1, not 0.2</c>; null if there is none.</returns>
    public static string? Between(AssetDefinition settings, AssetDefinition storage)
    {
        (string Name, object? Set, object? Stored)[] all =
        [
            (nameof(AssetDefinition.Type), settings.Type, storage.Type),
            (nameof(AssetDefinition.BasePrice), settings.BasePrice, storage.BasePrice),
            (nameof(AssetDefinition.BaseDate), settings.BaseDate, storage.BaseDate),
            (nameof(AssetDefinition.YearlyGrowth), settings.YearlyGrowth, storage.YearlyGrowth),
            (nameof(AssetDefinition.Tradable), settings.Tradable, storage.Tradable),
            (nameof(AssetDefinition.MaxOrderQuantity), settings.MaxOrderQuantity, storage.MaxOrderQuantity),
        ];
        var differences = all
            .Where(at => !Equals(at.Set, at.Stored))
            .Select(at => $"{at.Name} is {Text(at.Stored)}, not {Text(at.Set)}")
            .ToList();
        return differences.Count == 0 ? null : string.Join("; ", differences);
    }

    private static string Text(object? value) => value switch
    {
        null => "nothing",
        bool flag => flag ? "true" : "false",
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
