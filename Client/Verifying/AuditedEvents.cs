using System.Collections.Immutable;
using Banking.Client.Querying;
using Banking.Lake.Tables;

namespace Banking.Client.Verifying;

/// <summary>Which tables contain the accounts' events, and what the checks need from them.</summary>
internal static class AuditedEvents
{
    private static readonly EventField[] Needed =
    [
        EventField.EventId, EventField.EventType, EventField.AccountId, EventField.SequenceNumber, EventField.ActionId,
        EventField.AssetName,
        EventField.Quantity, EventField.UnitPrice, EventField.Amount, EventField.CashBalance,
    ];

    /// <summary>The columns needed from each of the tables, in this order.</summary>
    public static ImmutableArray<LakeColumn> Columns { get; } =
        [.. Needed.Select(field => LakeTables.CashTransactions.Columns.Single(column => column.Source == field))];

    /// <summary>The names of the columns for a SELECT.</summary>
    public static string ColumnNames { get; } = string.Join(", ", Columns.Select(column => column.Name));

    public static ImmutableArray<string> Tables { get; } =
        [LakeViews.AccountStatus, LakeViews.AssetTransactions, LakeViews.CashTransactions];
}
