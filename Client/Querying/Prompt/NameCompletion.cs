using System.Collections.Immutable;
using Banking.Client.Engines;

namespace Banking.Client.Querying.Prompt;

/// <summary>The names that may complete one that was begun.</summary>
/// <param name="Start">Where the name begins in the text.</param>
/// <param name="Names">The names in order; empty if no known name fits.</param>
internal sealed record NameCompletion(int Start, ImmutableArray<string> Names)
{
    private static readonly string[] BeforeTables = ["FROM", "JOIN", "DESCRIBE", "DESC", "SUMMARIZE", "TABLE"];

    private static readonly Dictionary<string, string[]> Columns = LakeViews.All.ToDictionary(
        table => table.Name,
        table => table.Columns.Split(", ").Select(column => column.Split(' ')[0]).ToArray(),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>What all names begin with.</summary>
    public string CommonStart
    {
        get
        {
            if (Names.IsEmpty) return "";
            var length = Names[0].Length;
            foreach (var name in Names) length = Math.Min(length, name.AsSpan().CommonPrefixLength(Names[0]));
            return Names[0][..length];
        }
    }

    /// <summary>
    /// Looks for tables after FROM and similar words, and for a table's columns after its name or alias and a dot. Elsewhere it looks for
    /// the columns of the statement's tables, and for tables. Pure.
    /// </summary>
    public static NameCompletion Of(string text, int cursor)
    {
        var start = cursor;
        while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] == '_')) start--;
        var before = SqlTokens.Of(text[..start]).ToList();
        if (before is [.., { IsOpen: true }]) return new NameCompletion(start, []);
        var begun = text[start..cursor];
        return new NameCompletion(start, [.. Known(text, Words(text[..start], before))
            .Where(name => name.StartsWith(begun, StringComparison.OrdinalIgnoreCase))
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Known(string text, List<string> before)
    {
        var names = Aliases(Words(text, SqlTokens.Of(text)));
        if (before is [.., var qualifier, "."])
            return names.TryGetValue(qualifier, out var qualified) || Columns.ContainsKey(qualified = qualifier) ? Columns[qualified] : [];
        if (before is [.., var word] && BeforeTables.Contains(word, StringComparer.OrdinalIgnoreCase)) return Columns.Keys;
        var tables = names.Count > 0 ? names.Values.Distinct() : Columns.Keys;
        return tables.SelectMany(table => Columns[table]).Concat(Columns.Keys);
    }

    /// <summary>The tables that a text mentions, by the names that it gives them.</summary>
    private static Dictionary<string, string> Aliases(List<string> words)
    {
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < words.Count; i++)
        {
            if (!Columns.ContainsKey(words[i])) continue;
            names[words[i]] = words[i];
            var next = i + 1;
            if (next < words.Count && words[next].Equals("AS", StringComparison.OrdinalIgnoreCase)) next++;
            if (next < words.Count && (char.IsLetter(words[next][0]) || words[next][0] == '_')) names.TryAdd(words[next], words[i]);
        }

        return names;
    }

    private static List<string> Words(string text, IEnumerable<SqlToken> tokens) =>
        [.. tokens.Select(token => text[token.Start..token.End])];
}
