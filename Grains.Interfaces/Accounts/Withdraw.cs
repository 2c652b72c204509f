namespace Banking.Accounts;

[GenerateSerializer, Immutable, Alias("banking.withdraw")]
public sealed record Withdraw([property: Id(0)] decimal Amount) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "make_withdrawal";

    public static ActionType Type { get; } = new ActionType<Withdraw>(
        EventType,
        "cash_transactions",
        collection: "withdrawals",
        required: [ActionField.Amount],
        optional: [],
        static (in fields, id, origin) => new Withdraw(fields.Amount!.Value) { ActionId = id, Origin = origin },
        static action => new() { Amount = action.Amount });
}
