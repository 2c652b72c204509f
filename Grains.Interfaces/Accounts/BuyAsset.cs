namespace Banking.Accounts;

/// <summary>Buys at the market's price, but at no more than <paramref name="LimitPrice"/> a unit if one is given.</summary>
[GenerateSerializer, Immutable, Alias("banking.buy-asset")]
public sealed record BuyAsset(
    [property: Id(0)] string AssetName,
    [property: Id(1)] long Quantity,
    [property: Id(2)] decimal? LimitPrice = null) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "buy_asset";

    public static ActionType Type { get; } = new ActionType<BuyAsset>(
        EventType,
        "asset_transactions",
        collection: "purchases",
        required: [ActionField.Quantity, ActionField.AssetName],
        optional: [ActionField.LimitPrice],
        static (in fields, id, origin) => new BuyAsset(fields.AssetName!, fields.Quantity!.Value, fields.LimitPrice)
        {
            ActionId = id,
            Origin = origin,
        },
        static action => new() { AssetName = action.AssetName, Quantity = action.Quantity, LimitPrice = action.LimitPrice });
}
