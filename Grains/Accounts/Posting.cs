namespace Banking.Accounts;

/// <summary>The money that an action moves, or why it moves none.</summary>
/// <param name="Amount">Positive.</param>
/// <param name="CashChange">What the account's cash gains.</param>
/// <param name="UnitPrice">Of a trade.</param>
public readonly record struct Posting(decimal Amount, decimal CashChange, decimal UnitPrice = 0, ActionCode Code = ActionCode.Done)
{
    public static Posting None => default;

    public static Posting Refused(ActionCode code) => new(0, 0, 0, code);
}
