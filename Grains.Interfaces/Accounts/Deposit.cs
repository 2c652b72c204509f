using Banking.Events;

namespace Banking.Accounts;

[GenerateSerializer, Immutable, Alias("banking.deposit")]
public sealed record Deposit([property: Id(0)] decimal Amount) : AccountAction
{
    public static ActionType Type { get; } = new ActionType<Deposit>(
        EventTypes.MakeDeposit,
        "cash_transactions",
        collection: "deposits",
        required: [ActionField.Amount],
        optional: [],
        static (in fields, id, origin) => new Deposit(fields.Amount!.Value) { ActionId = id, Origin = origin },
        static action => new() { Amount = action.Amount });
}
