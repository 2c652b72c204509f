using System.Globalization;
using Banking.Client.Engines;
using Banking.Client.Terminals;
using DuckDB.NET.Data;

namespace Banking.Client.Verifying;

/// <summary>
/// A lake that a query engine reads elsewhere. Its events are fetched and checked here, by the same checks: they need the ledgers beside them, which the engine does not
/// have. What the engine does not show, such as a day that nobody registered, counts as missing.
/// </summary>
internal sealed class QueriedLake(IQueryEngine engine) : IAuditedLake
{
    public Task<FileCheck> CheckFilesAsync(CancellationToken cancellationToken) => new QueriedFiles(engine).CheckAsync(cancellationToken);

    public async Task OfferEventsAsync(AuditDatabase audit, CancellationToken cancellationToken)
    {
        audit.Execute($"CREATE TABLE {AuditDatabase.LakeEvents} (source VARCHAR, event_id VARCHAR, event_type VARCHAR, account_id VARCHAR, sequence_number BIGINT, action_id VARCHAR,"
            + " asset_name VARCHAR, quantity BIGINT, unit_price DECIMAL(18,6), amount DECIMAL(18,2), cash_balance DECIMAL(18,2))");
        using var appender = audit.CreateAppender(AuditDatabase.LakeEvents);
        foreach (var table in AuditedEvents.Tables)
        {
            try
            {
                await using var events = await engine.RunAsync($"SELECT {AuditedEvents.Columns} FROM {table} WHERE event_id IS NOT NULL", cancellationToken);
                while (await events.ReadAsync()) Append(appender, table, events);
            }
            catch (QueryRefusedException refused)
            {
                throw new CommandFailedException($"The table {table} can't be read: {refused.Message}", refused);
            }
        }
    }

    public void Dispose() => engine.Dispose();

    private static void Append(DuckDBAppender appender, string table, IQueryResult events)
    {
        var row = appender.CreateRow().AppendValue(table);
        for (var i = 0; i < events.Columns.Count; i++)
        {
            var value = events[i];
            try
            {
                _ = events.Columns[i].Name switch
                {
                    _ when value.Kind == ValueKind.Null => row.AppendNullValue(),
                    "sequence_number" or "quantity" => row.AppendValue(long.Parse(value.Text, CultureInfo.InvariantCulture)),
                    "unit_price" or "amount" or "cash_balance" => row.AppendValue(decimal.Parse(value.Text, CultureInfo.InvariantCulture)),
                    _ => row.AppendValue(value.Text),
                };
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException)
            {
                throw new CommandFailedException($"The column {events.Columns[i].Name} of {table} holds '{value.Text}', which is no number of the lake's.", wrong);
            }
        }

        row.EndRow();
    }
}
