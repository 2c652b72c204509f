using System.Text.RegularExpressions;

namespace Banking.Client.Engines;

/// <summary>A word, a sign, a string or a quoted name of SQL.</summary>
/// <param name="End">The position after its last character.</param>
/// <param name="IsOpen">Whether the text ends before the string or the name does.</param>
internal readonly record struct SqlToken(int Start, int End, bool IsOpen);

/// <summary>Splits SQL text into tokens, as far as both engines agree on them; space and comments are between them. Pure.</summary>
internal static partial class SqlTokens
{
    public static IEnumerable<SqlToken> Of(string sql)
    {
        for (var at = 0; at < sql.Length;)
        {
            var next = Skip(sql, at);
            if (next == at)
            {
                var token = Read(sql, at);
                yield return token;
                next = token.End;
            }

            at = next;
        }
    }

    /// <summary>The statements of a text, each without its semicolon; none for text that is only space and comments.</summary>
    /// <param name="isEnded">Whether a semicolon ends the last one.</param>
    public static IReadOnlyList<string> Statements(string sql, out bool isEnded)
    {
        List<string> statements = [];
        var (start, any) = (0, false);
        foreach (var token in Of(sql))
        {
            if (sql[token.Start] != ';')
            {
                any = true;
                continue;
            }

            if (any) statements.Add(sql[start..token.Start].Trim());
            (start, any) = (token.End, false);
        }

        isEnded = !any && start > 0;
        if (any) statements.Add(sql[start..].Trim());
        return statements;
    }

    /// <summary>The position after any space and comments that begin here.</summary>
    private static int Skip(string sql, int at)
    {
        if (char.IsWhiteSpace(sql[at])) return at + 1;
        if (sql.AsSpan(at).StartsWith("--")) return After(sql, "\n", at + 2) ?? sql.Length;
        return sql.AsSpan(at).StartsWith("/*") ? After(sql, "*/", at + 2) ?? sql.Length : at;
    }

    // A doubled quote is the end of one text and the beginning of the next.
    private static SqlToken Read(string sql, int at)
    {
        if (sql[at] is '\'' or '"') return Quoted(sql, at, sql[at].ToString());
        if (sql[at] == '$' && DollarQuote().Match(sql, at) is { Success: true } mark) return Quoted(sql, at, mark.Value);
        var end = at;
        while (end < sql.Length && (char.IsLetterOrDigit(sql[end]) || sql[end] == '_')) end++;
        return new SqlToken(at, Math.Max(end, at + 1), false);
    }

    private static SqlToken Quoted(string sql, int at, string mark) =>
        After(sql, mark, at + mark.Length) is { } end ? new SqlToken(at, end, false) : new SqlToken(at, sql.Length, true);

    private static int? After(string sql, string mark, int from) =>
        sql.IndexOf(mark, from, StringComparison.Ordinal) is var found and >= 0 ? found + mark.Length : null;

    // DuckDB's dollar quotes; Presto has no dollar signs outside of strings.
    [GeneratedRegex(@"\G\$[A-Za-z_]*\$")]
    private static partial Regex DollarQuote();
}
