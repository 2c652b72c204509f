using System.Collections.Immutable;
using Banking.Client.Querying;

namespace Banking.Client.Verifying;

/// <summary>Which tables hold the accounts' events, and what the checks need of them.</summary>
internal static class AuditedEvents
{
    public const string Columns = "event_id, event_type, account_id, sequence_number, action_id, asset_name, quantity, unit_price, amount, cash_balance";

    public static ImmutableArray<string> Tables { get; } = [LakeTables.AccountStatus, LakeTables.AssetTransactions, LakeTables.CashTransactions];
}
