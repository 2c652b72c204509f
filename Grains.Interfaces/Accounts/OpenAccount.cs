namespace Banking.Accounts;

[GenerateSerializer, Immutable, Alias("banking.open-account")]
public sealed record OpenAccount([property: Id(0)] string FullName) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "open_account";

    public static ActionType Type { get; } = new ActionType<OpenAccount>(
        EventType,
        "account_status",
        collection: null,
        required: [ActionField.FullName],
        optional: [],
        static (in fields, id, origin) => new OpenAccount(fields.FullName!) { ActionId = id, Origin = origin },
        static action => new() { FullName = action.FullName });
}
