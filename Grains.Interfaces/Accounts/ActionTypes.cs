using System.Collections.Frozen;

namespace Banking.Accounts;

/// <summary>Every type of action there is.</summary>
public static class ActionTypes
{
    public static IReadOnlyList<ActionType> All { get; } =
        [OpenAccount.Type, DeleteAccount.Type, Deposit.Type, Withdraw.Type, BuyAsset.Type, SellAsset.Type, AssignAccount.Type];

    private static readonly FrozenDictionary<Type, ActionType> ByAction = All.ToFrozenDictionary(type => type.Action);

    /// <exception cref="ArgumentOutOfRangeException">The action's type is not one of <see cref="All"/>.</exception>
    public static ActionType Of(AccountAction action) => ByAction.TryGetValue(action.GetType(), out var type)
        ? type
        : throw new ArgumentOutOfRangeException(nameof(action), action, "The bank has no such action.");
}
