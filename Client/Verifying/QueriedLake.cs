using System.Globalization;
using Banking.Client.Engines;
using Banking.Client.Querying;
using Banking.Client.Terminals;
using Banking.Lake.Tables;
using DuckDB.NET.Data;

namespace Banking.Client.Verifying;

/// <summary>
/// A lake that a query engine reads elsewhere. Its events are fetched and checked here by the same checks, as these need the ledgers too,
/// which the engine does not have. What the engine does not show, such as a day that nobody registered, counts as missing.
/// </summary>
internal sealed class QueriedLake(IQueryEngine engine) : IAuditedLake
{
    public Task<FileCheck> CheckFilesAsync(CancellationToken cancellationToken) => new QueriedFiles(engine).CheckAsync(cancellationToken);

    public async Task OfferEventsAsync(AuditDatabase audit, CancellationToken cancellationToken)
    {
        var columns = string.Join(", ", AuditedEvents.Columns.Select(LakeViews.Declare));
        audit.Execute($"CREATE TABLE {AuditDatabase.LakeEvents} (source VARCHAR, {columns})");
        using var appender = audit.CreateAppender(AuditDatabase.LakeEvents);
        foreach (var table in AuditedEvents.Tables)
        {
            try
            {
                await using var events = await engine.RunAsync(
                    $"SELECT {AuditedEvents.ColumnNames} FROM {table} WHERE event_id IS NOT NULL", cancellationToken);
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
                _ = AuditedEvents.Columns[i].Type switch
                {
                    _ when value.Kind == ValueKind.Null => row.AppendNullValue(),
                    LakeColumnType.BigInteger => row.AppendValue(long.Parse(value.Text, CultureInfo.InvariantCulture)),
                    LakeColumnType.Decimal => row.AppendValue(decimal.Parse(value.Text, CultureInfo.InvariantCulture)),
                    _ => row.AppendValue(value.Text),
                };
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException)
            {
                throw new CommandFailedException(
                    $"The column {events.Columns[i].Name} of {table} holds '{value.Text}', which is no number of the lake's.", wrong);
            }
        }

        row.EndRow();
    }
}
