using Banking.Client.Querying;

namespace Banking.Client.Engines.Presto;

/// <summary>
/// Lets one statement through if it only reads, as <see cref="DuckDbStatements"/> does, and removes the final semicolon, which people type
/// and Presto does not know. Pure. In Presto's grammar a statement's first word says whether it writes: no query does.
/// </summary>
internal static class PrestoStatement
{
    private const string ReadsOnly = "Only statements that read the lake are run: SELECT, WITH, VALUES, TABLE, DESCRIBE, SHOW or EXPLAIN.";

    private static readonly string[] Reading = ["SELECT", "WITH", "VALUES", "TABLE", "DESCRIBE", "DESC", "SHOW", "EXPLAIN"];

    /// <exception cref="QueryRefusedException">The text is not a single statement that only reads.</exception>
    public static string Of(string sql)
    {
        List<string> words = [];
        int? end = null;
        foreach (var token in SqlTokens.Of(sql))
        {
            var first = sql[token.Start];
            if (first != ';' && end is not null) throw new QueryRefusedException("Only one statement can be run at a time.");
            if (first == ';') end ??= token.Start;
            if (words.Count < 2 && first is not '(' and not ';') words.Add(sql[token.Start..token.End]);
        }

        if (words.Count == 0) throw new QueryRefusedException("There is no statement.");
        // EXPLAIN ANALYZE runs what it explains.
        var runs = Is(words[0], "EXPLAIN") && words.Count > 1 && Is(words[1], "ANALYZE");
        if (runs || !Reading.Contains(words[0], StringComparer.OrdinalIgnoreCase)) throw new QueryRefusedException(ReadsOnly);
        return sql[..(end ?? sql.Length)];
    }

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
