namespace Banking.Accounts;

/// <summary>
/// Gives an account to an owner, whether it had one or not. <paramref name="Issuer"/> and <paramref name="Subject"/> are those of the
/// owner's tokens: see <see cref="Callers.CallerId"/>.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.assign-account")]
public sealed record AssignAccount([property: Id(0)] string Issuer, [property: Id(1)] string Subject) : AccountAction
{
    /// <summary>The type of the event that it becomes.</summary>
    public const string EventType = "assign_account";

    public static ActionType Type { get; } = new ActionType<AssignAccount>(
        EventType,
        "account_status",
        collection: "owners",
        required: [ActionField.Issuer, ActionField.Subject],
        optional: [],
        static (in fields, id, origin) => new AssignAccount(fields.Issuer!, fields.Subject!) { ActionId = id, Origin = origin },
        static action => new() { Issuer = action.Issuer, Subject = action.Subject });
}
