using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>Takes what the bank says of an account that an earlier load used into a new model. Pure.</summary>
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
