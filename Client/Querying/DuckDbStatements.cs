using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Banking.Client.Engines;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Banking.Client.Querying;

/// <summary>
/// Lets one statement through if it only reads. The engine's restrictions confine it to the lake's folder, but don't keep COPY from writing
/// there. The statement's kind, as told by DuckDB's own parser, does.
/// </summary>
internal static partial class DuckDbStatements
{
    // duckdb_statement_type in duckdb.h.
    private const int Select = 1;
    private const int Explain = 4;

    private const string ReadsOnly = "Only statements that read the lake are run: SELECT, DESCRIBE, SUMMARIZE, SHOW or EXPLAIN.";

    /// <exception cref="QueryRefusedException">The text is not a single statement that only reads.</exception>
    public static void CheckReadsOnly(DuckDBConnection connection, string sql)
    {
        // Merely preparing some statements has effects: EXPORT DATABASE creates its folder. So they must not get that far.
        if (!string.IsNullOrWhiteSpace(sql) && !Reading().IsMatch(sql)) throw new QueryRefusedException(ReadsOnly);
        var count = NativeMethods.ExtractStatements.DuckDBExtractStatements(connection.NativeConnection, sql, out var statements);
        using var extracted = statements;
        // With a syntax error the count is 0; running the statement says where the error is.
        if (count == 0 && string.IsNullOrWhiteSpace(sql)) throw new QueryRefusedException("There is no statement.");
        if (count > 1) throw new QueryRefusedException("Only one statement can be run at a time.");
        if (count == 0) throw new QueryRefusedException(SyntaxErrorOf(connection, sql));
        var state = NativeMethods.ExtractStatements.DuckDBPrepareExtractedStatement(
            connection.NativeConnection, statements, 0, out var prepared);
        using var statement = prepared;
        // A statement that can't be prepared fails when it is run, with the engine's own message.
        if (state != DuckDBState.Success)
        {
            throw new QueryRefusedException(Marshal.PtrToStringUTF8(PrepareError(prepared)) ?? "The statement can't be prepared.");
        }
        var type = StatementType(prepared);
        // EXPLAIN ANALYZE runs what it explains.
        if (type == Select || (type == Explain && !Analyze().IsMatch(sql))) return;
        throw new QueryRefusedException(ReadsOnly);
    }

    private static string SyntaxErrorOf(DuckDBConnection connection, string sql)
    {
        try
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT json_serialize_sql($sql::VARCHAR)";
            command.Parameters.Add(new DuckDBParameter("sql", sql));
            using var answer = System.Text.Json.JsonDocument.Parse((string)command.ExecuteScalar()!);
            return answer.RootElement.TryGetProperty("error_message", out var message) && message.GetString() is { Length: > 0 } text
                ? text
                : "There is no statement.";
        }
        catch (DuckDBException failure)
        {
            return failure.Message;
        }
    }

    // The first word, after any comments and brackets.
    [GeneratedRegex(@"\A(\s|\(|--[^\n]*\n|/\*.*?\*/)*(SELECT|WITH|FROM|VALUES|TABLE|PIVOT|UNPIVOT|DESCRIBE|DESC|SUMMARIZE|SHOW|EXPLAIN)\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Reading();

    [GeneratedRegex(@"\banaly[sz]e\b", RegexOptions.IgnoreCase)]
    private static partial Regex Analyze();

    [LibraryImport("duckdb", EntryPoint = "duckdb_prepared_statement_type")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial int StatementType(DuckDBPreparedStatement statement);

    [LibraryImport("duckdb", EntryPoint = "duckdb_prepare_error")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory)]
    private static partial nint PrepareError(DuckDBPreparedStatement statement);
}
