using System.Collections.Frozen;

namespace Banking.Accounts;

/// <summary>The rules of every type of action.</summary>
internal static class ActionBook
{
    public static IReadOnlyList<ActionRules> All { get; } =
    [
        new OpenAccountRules(),
        new DeleteAccountRules(),
        new DepositRules(),
        new WithdrawRules(),
        new BuyAssetRules(),
        new SellAssetRules(),
        new AssignAccountRules(),
    ];

    private static readonly FrozenDictionary<Type, ActionRules> ByAction = All.ToFrozenDictionary(rules => rules.Type.Action);

    private static readonly FrozenDictionary<string, ActionRules> ByEvent = All.ToFrozenDictionary(rules => rules.Type.EventType);

    /// <exception cref="ArgumentOutOfRangeException">The bank has no such action.</exception>
    public static ActionRules RulesOf(AccountAction action) => ByAction.TryGetValue(action.GetType(), out var rules)
        ? rules
        : throw new ArgumentOutOfRangeException(nameof(action), action, "The bank has no such action.");

    /// <summary>The rules of the action that an event came from; null for an event that is not an account's.</summary>
    public static ActionRules? FindRules(string eventType) => ByEvent.GetValueOrDefault(eventType);
}
