namespace Banking.Accounts;

/// <summary>Sells at the market's price, but at no less than <paramref name="LimitPrice"/> a unit if one is given.</summary>
[GenerateSerializer, Immutable, Alias("banking.sell-asset")]
public sealed record SellAsset(
    [property: Id(0)] string AssetName,
    [property: Id(1)] long Quantity,
    [property: Id(2)] decimal? LimitPrice = null) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "sell_asset";

    public static ActionType Type { get; } = new ActionType<SellAsset>(
        EventType,
        "asset_transactions",
        collection: "sales",
        required: [ActionField.Quantity, ActionField.AssetName],
        optional: [ActionField.LimitPrice],
        static (in fields, id, origin) => new SellAsset(fields.AssetName!, fields.Quantity!.Value, fields.LimitPrice)
        {
            ActionId = id,
            Origin = origin,
        },
        static action => new() { AssetName = action.AssetName, Quantity = action.Quantity, LimitPrice = action.LimitPrice });
}
