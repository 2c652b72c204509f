using System.Text;
using Banking.Client.Engines;
using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Output;

/// <summary>Writes results row by row as they come, or in pages of rows if they are drawn.</summary>
internal static class ResultFormats
{
    public const string Table = "table";
    public const string Csv = "csv";
    public const string Json = "json";

    public static Task WriteAsync(ResultShape shape, IQueryResult result, Terminal terminal) => shape.Format switch
    {
        Csv => WriteCsvAsync(result, terminal),
        Json => WriteJsonAsync(result, terminal),
        _ => new DrawnResult(result, terminal, shape).WriteAsync(),
    };

    /// <summary>
    /// RFC 4180 except for the line end, which is LF: with a header, and quotes where needed. Null is empty, and an empty text is
    /// <c>""</c>.
    /// </summary>
    private static async Task WriteCsvAsync(IQueryResult result, Terminal terminal)
    {
        var line = new StringBuilder();
        for (var i = 0; i < result.Columns.Count; i++) line.Append(i == 0 ? "" : ",").Append(CsvField(result.Columns[i].Name));
        Write(terminal, line);
        while (await result.ReadAsync())
        {
            for (var i = 0; i < result.Columns.Count; i++)
            {
                if (i > 0) line.Append(',');
                var value = result[i];
                if (value.Kind != ValueKind.Null) line.Append(CsvField(value.Text));
            }

            Write(terminal, line);
        }
    }

    /// <summary>An array of objects, one per line.</summary>
    private static async Task WriteJsonAsync(IQueryResult result, Terminal terminal)
    {
        var names = result.Columns.Select(column => ValueText.Quote(column.Name)).ToArray();
        var line = new StringBuilder("[");
        for (var row = 0; await result.ReadAsync(); row++)
        {
            if (row > 0) line.Append(',');
            Write(terminal, line);
            line.Append('{');
            for (var i = 0; i < names.Length; i++)
            {
                if (i > 0) line.Append(',');
                line.Append(names[i]).Append(':').Append(ValueText.ToJson(result[i]));
            }

            line.Append('}');
        }

        Write(terminal, line);
        terminal.Out.Write("]\n");
    }

    /// <summary>Writes in one piece, as a terminal shows each piece at once.</summary>
    private static void Write(Terminal terminal, StringBuilder line)
    {
        line.Append('\n');
        terminal.Out.Write(terminal.Width is null ? line.ToString() : ShownText.Lines(line.ToString()));
        line.Clear();
    }

    private static string CsvField(string text) =>
        text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
