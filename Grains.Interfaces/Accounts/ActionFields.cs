namespace Banking.Accounts;

/// <summary>What an action may ask for, besides its account.</summary>
public enum ActionField
{
    /// <summary>The holder's name.</summary>
    FullName,

    /// <summary>Money.</summary>
    Amount,

    /// <summary>Units of an asset.</summary>
    Quantity,
    AssetName,

    /// <summary>The worst unit price that is accepted.</summary>
    LimitPrice,

    /// <summary>Who issues the owner's tokens.</summary>
    Issuer,

    /// <summary>The owner, as the issuer knows them.</summary>
    Subject,
}

/// <summary>An action's fields with their values; null for those it does not have.</summary>
public readonly record struct ActionFields
{
    public string? FullName { get; init; }

    public decimal? Amount { get; init; }

    public long? Quantity { get; init; }

    public string? AssetName { get; init; }

    public decimal? LimitPrice { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }
}

/// <summary>What the fields are called in JSON and in URL queries.</summary>
public static class ActionFieldNames
{
    public static string Of(ActionField field) => field switch
    {
        ActionField.FullName => "full_name",
        ActionField.Amount => "amount",
        ActionField.Quantity => "quantity",
        ActionField.AssetName => "asset_name",
        ActionField.LimitPrice => "limit_price",
        ActionField.Issuer => "issuer",
        ActionField.Subject => "subject",
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, null),
    };
}
