namespace Banking.Accounts;

/// <summary>Closes the account if <paramref name="FullName"/> is the holder's; its cash is paid out, its positions lapse.</summary>
[GenerateSerializer, Immutable, Alias("banking.delete-account")]
public sealed record DeleteAccount([property: Id(0)] string FullName) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "delete_account";

    public static ActionType Type { get; } = new ActionType<DeleteAccount>(
        EventType,
        "account_status",
        collection: null,
        required: [ActionField.FullName],
        optional: [],
        static (in fields, id, origin) => new DeleteAccount(fields.FullName!) { ActionId = id, Origin = origin },
        static action => new() { FullName = action.FullName });
}
