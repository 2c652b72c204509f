using Banking.Accounts;

namespace Banking.Client.Loading;

internal enum AccountState
{
    NeverOpened,
    Open,
    Closed,

    /// <summary>Closed or never opened, for an account that an earlier run may have used.</summary>
    NotOpen,
}

/// <summary>What one connection knows about an account that only it uses.</summary>
internal sealed class AccountModel(string id, string fullName, int assets)
{
    public string Id => id;

    public string FullName { get; set; } = fullName;

    public AccountState State { get; set; }

    public decimal Cash { get; set; }

    /// <summary>The units by the asset's index in <see cref="AssetList"/>.</summary>
    public long[] Positions { get; } = new long[assets];

    /// <summary>The number of the last event; null until an answer has told it.</summary>
    public long? SequenceNumber { get; set; } = 0;
}

/// <summary>Takes what the bank says about an account that an earlier load used into a new model. Pure.</summary>
internal static class AccountMemory
{
    public static void Recall(AccountModel account, AccountStatement? statement, AssetList assets)
    {
        account.SequenceNumber = null;
        account.State = statement is null ? AccountState.NotOpen : AccountState.Open;
        if (statement is null) return;
        account.FullName = statement.FullName;
        foreach (var holding in statement.Holdings)
        {
            if (holding.AssetName == "cash") account.Cash = holding.Quantity;
            else if (assets.IndexOf(holding.AssetName) is var index and >= 0) account.Positions[index] = (long)holding.Quantity;
        }
    }
}
