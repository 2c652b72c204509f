namespace Banking.Accounts;

/// <summary>An account as its holder and its auditors see it.</summary>
public static class Statements
{
    public const string CashAsset = "cash";

    /// <summary>Values are rounded down to the cent, as a sale would be.</summary>
    public static AccountStatement Of(
        string accountId, AccountState state, IReadOnlyDictionary<string, decimal> prices, DateTimeOffset asOf)
    {
        var holdings = new List<Holding>(state.Positions.Length + 1);
        if (state.Cash > 0) holdings.Add(new Holding(CashAsset, CashAsset, state.Cash, state.Cash, state.CashChangedAt, state.Cash));
        foreach (var position in state.Positions)
        {
            var value = decimal.Round(position.Quantity * prices[position.AssetName], 2, MidpointRounding.ToNegativeInfinity);
            holdings.Add(new Holding(position.AssetName, position.AssetType, position.Quantity, position.Cost, position.ChangedAt, value));
        }

        return new(accountId, state.FullName, holdings.Sum(h => h.CurrentValue), holdings.Sum(h => h.OriginalValue), asOf, holdings);
    }

    public static AccountLedger LedgerOf(string accountId, AccountState state, int unpublished) => new(
        accountId,
        state.IsOpen,
        state.SequenceNumber,
        state.Cash,
        state.PaidIn,
        state.PaidOut,
        state.Spent,
        state.Earned,
        state.Positions.ToDictionary(p => p.AssetName, p => p.Quantity, StringComparer.Ordinal),
        unpublished,
        state.SetAside);
}
