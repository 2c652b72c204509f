using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Tests.Banks;

/// <summary>An account of <see cref="SmallBank"/>.</summary>
internal sealed class Account(string id)
{
    public string Id => id;

    public string FullName { get; private set; } = "";

    public bool IsOpen { get; private set; }

    public long Sequence { get; set; }

    public decimal Cash { get; private set; }

    public decimal PaidIn { get; private set; }

    public decimal PaidOut { get; private set; }

    public decimal Spent { get; private set; }

    public decimal Earned { get; private set; }

    public Dictionary<string, long> Positions { get; } = [];

    public Dictionary<string, (AccountAction Action, BankAnswer Answer)> Answers { get; } = [];

    /// <returns>The event's type, and asset and quantity of a trade.</returns>
    public (string Type, string? Asset, long? Quantity) Apply(AccountAction action, decimal amount)
    {
        switch (action)
        {
            case OpenAccount open:
                (IsOpen, FullName) = (true, open.FullName);
                return (OpenAccount.EventType, null, null);
            case DeleteAccount:
                (IsOpen, Cash, PaidOut) = (false, 0, PaidOut + amount);
                Positions.Clear();
                return (DeleteAccount.EventType, null, null);
            case Deposit:
                (Cash, PaidIn) = (Cash + amount, PaidIn + amount);
                return (Deposit.EventType, null, null);
            case Withdraw:
                (Cash, PaidOut) = (Cash - amount, PaidOut + amount);
                return (Withdraw.EventType, null, null);
            case BuyAsset buy:
                (Cash, Spent) = (Cash - amount, Spent + amount);
                Positions[buy.AssetName] = Positions.GetValueOrDefault(buy.AssetName) + buy.Quantity;
                return (BuyAsset.EventType, buy.AssetName, buy.Quantity);
            case SellAsset sell:
                (Cash, Earned) = (Cash + amount, Earned + amount);
                Positions[sell.AssetName] -= sell.Quantity;
                return (SellAsset.EventType, sell.AssetName, sell.Quantity);
            default: throw new ArgumentOutOfRangeException(nameof(action));
        }
    }
}
