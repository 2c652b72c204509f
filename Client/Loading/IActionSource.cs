using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>Thinks up actions. Each instance is used by one connection.</summary>
internal interface IActionSource
{
    /// <summary>The next action of an account as its model stands.</summary>
    AccountAction Next(AccountModel account, string actionId);
}

/// <summary>Opens each account and then only deposits: for benchmarks.</summary>
internal sealed class DepositsOnly(Random random) : IActionSource
{
    public AccountAction Next(AccountModel account, string actionId) => account.State == AccountState.Open
        ? new Deposit(random.Next(1, 100_000) / 100m) { ActionId = actionId }
        : new OpenAccount(account.FullName) { ActionId = actionId };
}
