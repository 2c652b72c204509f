namespace Banking.Client.Querying.Presto;

/// <summary>
/// Lets one reading statement through, as <see cref="DuckDbStatements"/> does, and takes off the semicolon that people end it with and Presto does not know. Pure.
/// In Presto's grammar a statement's first word says whether it writes: there is no query that does.
/// </summary>
internal static class PrestoStatement
{
    private const string ReadsOnly = "Only statements that read the lake are run: SELECT, WITH, VALUES, TABLE, DESCRIBE, SHOW or EXPLAIN.";

    private static readonly string[] Reading = ["SELECT", "WITH", "VALUES", "TABLE", "DESCRIBE", "DESC", "SHOW", "EXPLAIN"];

    /// <exception cref="QueryRefusedException">It is not one statement that only reads.</exception>
    public static string Of(string sql)
    {
        List<string> words = [];
        int? end = null;
        for (var at = 0; at < sql.Length;)
        {
            var next = Skip(sql, at);
            if (next > at)
            {
                at = next;
                continue;
            }

            if (sql[at] != ';' && end is not null) throw new QueryRefusedException("Only one statement can be run at a time.");
            if (sql[at] == ';') end ??= at;
            next = AfterToken(sql, at);
            if (words.Count < 2 && sql[at] is not '(' and not ';') words.Add(sql[at..next]);
            at = next;
        }

        if (words.Count == 0) throw new QueryRefusedException("There is no statement.");
        // EXPLAIN ANALYZE runs what it explains.
        if (!Reading.Contains(words[0], StringComparer.OrdinalIgnoreCase) || (Is(words[0], "EXPLAIN") && words.Count > 1 && Is(words[1], "ANALYZE")))
            throw new QueryRefusedException(ReadsOnly);
        return sql[..(end ?? sql.Length)];
    }

    /// <summary>Past space and comments that begin here.</summary>
    private static int Skip(string sql, int at)
    {
        if (char.IsWhiteSpace(sql[at])) return at + 1;
        if (sql.AsSpan(at).StartsWith("--")) return After(sql, "\n", at + 2);
        return sql.AsSpan(at).StartsWith("/*") ? After(sql, "*/", at + 2) : at;
    }

    /// <summary>Past the string, quoted name, word or character that begins here. A doubled quote is the end of one text and the beginning of the next.</summary>
    private static int AfterToken(string sql, int at)
    {
        if (sql[at] is '\'' or '"') return After(sql, sql[at].ToString(), at + 1);
        var end = at;
        while (end < sql.Length && (char.IsLetterOrDigit(sql[end]) || sql[end] == '_')) end++;
        return Math.Max(end, at + 1);
    }

    private static int After(string sql, string mark, int from) =>
        sql.IndexOf(mark, from, StringComparison.Ordinal) is var found and >= 0 ? found + mark.Length : sql.Length;

    private static bool Is(string word, string keyword) => word.Equals(keyword, StringComparison.OrdinalIgnoreCase);
}
