using Banking.Client.Engines;
using Banking.Client.Terminals;
using DuckDB.NET.Data;

namespace Banking.Client.Querying;

/// <summary>
/// DuckDB in this process over the lake's folder. It can read nothing but the lake, write nothing, and load no extension, so it may be
/// given SQL from anywhere. What does not fit into memory is spilled to a temporary folder.
/// </summary>
internal sealed class DuckDbLake : IQueryEngine
{
    private readonly DuckDBConnection _connection;
    private readonly string _spill;
    private readonly Terminal _terminal;
    private readonly TimeText _times;

    private DuckDbLake(DuckDBConnection connection, string spill, Terminal terminal, TimeText times) =>
        (_connection, _spill, _terminal, _times) = (connection, spill, terminal, times);

    /// <exception cref="CommandFailedException">There is no lake there, or one of its files can't be read.</exception>
    public static DuckDbLake Open(string lake, Terminal terminal, TimeText times)
    {
        var folder = LakeFolder.Of(lake);
        var spill = Path.Combine(Path.GetTempPath(), "banking-query-" + Guid.NewGuid().ToString("N"));
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            connection.Open();
            foreach (var (name, columns) in LakeViews.All) Execute(connection, LakeViews.CreateView(name, columns, folder));
            // Times without a zone are UTC in the lake: now() and dates must not be in this machine's zone.
            Execute(connection, "SET TimeZone = 'UTC'");
            Execute(connection, "SET enable_progress_bar = true");
            Execute(connection, "SET enable_progress_bar_print = false");
            Execute(connection, $"SET temp_directory = {LakeViews.Quote(spill)}");
            // A pattern is compared with this literally.
            var allowed = new[] { folder, LakeFiles.Escape(folder) }.Distinct()
                .Select(path => LakeViews.Quote(path + Path.DirectorySeparatorChar));
            Execute(connection, $"SET allowed_directories = [{string.Join(", ", allowed)}]");
            Execute(connection, "SET enable_external_access = false");
            Execute(connection, "SET lock_configuration = true");
            return new DuckDbLake(connection, spill, terminal, times);
        }
        catch (DuckDBException failure)
        {
            connection.Dispose();
            throw new CommandFailedException($"The lake at {folder} can't be read: {FirstLine(failure)}", failure);
        }
    }

    public ValueTask<IQueryResult> RunAsync(string sql, CancellationToken cancellationToken)
    {
        DuckDbStatements.CheckReadsOnly(_connection, sql);
        var command = _connection.CreateCommand();
        try
        {
            command.CommandText = sql;
            command.UseStreamingMode = true;
            using var progress = _terminal.Progress ? new DuckDbProgress(_connection, new QueryProgress(_terminal), _terminal.Time) : null;
            return new ValueTask<IQueryResult>(DuckDbResult.Execute(command, _times, _terminal.Time, cancellationToken));
        }
        catch (Exception)
        {
            command.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _connection.Dispose();
        if (Directory.Exists(_spill)) Directory.Delete(_spill, recursive: true);
    }

    internal static string FirstLine(DuckDBException failure) => failure.Message.Split('\n', 2)[0];

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
