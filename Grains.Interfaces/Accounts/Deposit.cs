namespace Banking.Accounts;

[GenerateSerializer, Immutable, Alias("banking.deposit")]
public sealed record Deposit([property: Id(0)] decimal Amount) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "make_deposit";

    public static ActionType Type { get; } = new ActionType<Deposit>(
        EventType,
        "cash_transactions",
        collection: "deposits",
        required: [ActionField.Amount],
        optional: [],
        static (in fields, id, origin) => new Deposit(fields.Amount!.Value) { ActionId = id, Origin = origin },
        static action => new() { Amount = action.Amount });
}
