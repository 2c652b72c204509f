namespace Banking.Events;

/// <summary>
/// The values of <c>event_type</c> of events that don't belong to an account; <see cref="Accounts.ActionType.EventType"/> has the others.
/// </summary>
public static class EventTypes
{
    public const string Default = "default";
    public const string ReturnAssetPrice = "return_asset_price";
    public const string ReturnAccountInformation = "return_account_information";
}
