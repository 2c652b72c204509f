using System.Globalization;
using Banking.Client.Querying;
using Banking.Client.Terminals;
using DuckDB.NET.Data;

namespace Banking.Client.Verifying;

/// <summary>
/// Ledgers, journals and the lake's events side by side in a DuckDB database in a temporary folder, so that a million accounts need disk
/// space instead of memory.
/// </summary>
internal sealed class AuditDatabase : IDisposable
{
    // The memory for this beside the server that it checks; the rest is spilled to disk.
    private const string MemoryLimit = "1GB";

    /// <summary>
    /// The table of all events of the lake, with each event's own table as <c>source</c>; <see cref="IAuditedLake"/> provides it.
    /// </summary>
    public const string LakeEvents = "lake_events";

    private readonly string _folder;
    private readonly DuckDBConnection _connection;

    public AuditDatabase()
    {
        _folder = Directory.CreateTempSubdirectory("banking-verify-").FullName;
        _connection = new DuckDBConnection($"DataSource={Path.Combine(_folder, "audit.db")}");
        _connection.Open();
        Execute($"SET memory_limit = '{MemoryLimit}'");
        Execute("SET TimeZone = 'UTC'");
        Execute("SET preserve_insertion_order = false");
        Execute($"SET temp_directory = {LakeViews.Quote(Path.Combine(_folder, "spill"))}");
        Execute(
            "CREATE TABLE ledgers (account_id VARCHAR, is_open BOOLEAN, sequence_number BIGINT, cash DECIMAL(28,2), paid_in "
                + "DECIMAL(28,2), paid_out DECIMAL(28,2), spent DECIMAL(28,2), earned DECIMAL(28,2))");
        Execute("CREATE TABLE positions (account_id VARCHAR, asset_name VARCHAR, quantity BIGINT)");
        Execute("CREATE TABLE journal (account_id VARCHAR, action_id VARCHAR, code VARCHAR, sequence_number BIGINT)");
    }

    public long Count(string table) => Convert.ToInt64(Scalar($"SELECT count(*) FROM {table}"), CultureInfo.InvariantCulture);

    public async Task LoadLedgersAsync(IAsyncEnumerable<LedgerLine> ledgers, CancellationToken cancellationToken)
    {
        using var books = CreateAppender("ledgers");
        using var positions = CreateAppender("positions");
        await foreach (var ledger in ledgers.WithCancellation(cancellationToken))
        {
            books.CreateRow().AppendValue(ledger.AccountId).AppendValue(ledger.IsOpen).AppendValue(ledger.SequenceNumber).AppendValue(
                ledger.Cash)
                .AppendValue(ledger.PaidIn).AppendValue(ledger.PaidOut).AppendValue(ledger.Spent).AppendValue(ledger.Earned).EndRow();
            foreach (var (asset, quantity) in ledger.Positions)
                if (quantity != 0) positions.CreateRow().AppendValue(ledger.AccountId).AppendValue(asset).AppendValue(quantity).EndRow();
        }
    }

    public void LoadJournal(IEnumerable<JournalLine> lines, CancellationToken cancellationToken)
    {
        using var journal = CreateAppender("journal");
        foreach (var line in lines)
        {
            cancellationToken.ThrowIfCancellationRequested();
            journal.CreateRow().AppendValue(line.AccountId).AppendValue(line.ActionId).AppendValue(line.Code).AppendValue(
                line.SequenceNumber).EndRow();
        }
    }

    /// <summary>Takes over the events that the ledgers cover: later ones are for another verification.</summary>
    /// <exception cref="CommandFailedException">The lake can't be read.</exception>
    public async Task LoadEventsAsync(IAuditedLake lake, CancellationToken cancellationToken)
    {
        await lake.OfferEventsAsync(this, cancellationToken);
        try
        {
            Execute(
                $"CREATE TABLE events AS SELECT e.* FROM {LakeEvents} e JOIN ledgers l ON e.account_id = l.account_id AND "
                    + "e.sequence_number <= l.sequence_number");
            Execute(
                $"CREATE TABLE strangers AS SELECT account_id, count(*) AS events FROM {LakeEvents} e ANTI JOIN ledgers l USING "
                    + "(account_id) GROUP BY account_id");
        }
        catch (DuckDBException failure)
        {
            throw new CommandFailedException($"The lake can't be read: {DuckDbLake.FirstLine(failure)}", failure);
        }

        // Duplicates are found in the events themselves; folding them twice would only report each of them again.
        Execute("CREATE TABLE history AS WITH signed AS (SELECT DISTINCT ON (account_id, sequence_number) *,"
            + " coalesce(amount, 0)::DECIMAL(28,2) * CASE event_type WHEN 'make_deposit' THEN 1 WHEN 'sell_asset' THEN 1 WHEN "
            + "'open_account' THEN 0 ELSE -1 END AS change,"
            + " CASE event_type WHEN 'buy_asset' THEN quantity WHEN 'sell_asset' THEN -quantity END AS units FROM events)"
            + " SELECT *, row_number() OVER account AS place, sum(change) OVER account AS cash,"
            + " coalesce(sum((event_type = 'delete_account')::INTEGER) OVER (PARTITION BY account_id ORDER BY sequence_number"
            + " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS life"
            + " FROM signed WINDOW account AS (PARTITION BY account_id ORDER BY sequence_number ROWS BETWEEN UNBOUNDED PRECEDING AND "
            + "CURRENT ROW)");
        Execute("CREATE TABLE folds AS SELECT account_id, sum(change) AS cash, coalesce(sum(amount) FILTER (event_type = 'make_deposit'), "
            + "0) AS paid_in,"
            + " coalesce(sum(amount) FILTER (event_type IN ('make_withdrawal', 'delete_account')), 0) AS paid_out,"
            + " coalesce(sum(amount) FILTER (event_type = 'buy_asset'), 0) AS spent, coalesce(sum(amount) FILTER (event_type = "
            + "'sell_asset'), 0) AS earned,"
            + " sum((event_type = 'delete_account')::INTEGER) AS deletions FROM history GROUP BY account_id");
        Execute("CREATE TABLE held AS SELECT account_id, asset_name, sum(units) AS quantity FROM history JOIN folds USING (account_id)"
            + " WHERE asset_name IS NOT NULL AND life = deletions GROUP BY account_id, asset_name HAVING sum(units) <> 0");
    }

    /// <summary>Accounts that have events but were not accounts of the bank when the ledgers were read.</summary>
    public IReadOnlySet<string> Strangers()
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT account_id FROM strangers WHERE account_id IS NOT NULL";
        using var reader = command.ExecuteReader();
        while (reader.Read()) found.Add(reader.GetString(0));
        return found;
    }

    /// <summary>Runs a check.</summary>
    /// <returns>How many violations it found, and the first of them in order, at most <paramref name="show"/>; null if none.</returns>
    public Finding? Run(Check check, int show)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = $"SELECT finding, count(*) OVER () FROM ({check.Sql}) AS found(finding) ORDER BY finding LIMIT {show}";
        using var reader = command.ExecuteReader();
        long count = 0;
        List<string> examples = [];
        while (reader.Read())
        {
            examples.Add(reader.IsDBNull(0) ? "an event without account or sequence number" : reader.GetString(0));
            count = reader.GetInt64(1);
        }

        return count == 0 ? null : new Finding(check.Name, count, examples);
    }

    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>For what fills the audit: adds rows to a table, until it is disposed.</summary>
    public DuckDBAppender CreateAppender(string table) => _connection.CreateAppender(table);

    private object? Scalar(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>For what fills the audit: runs a statement.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
