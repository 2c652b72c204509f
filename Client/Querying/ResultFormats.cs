using Spectre.Console;

namespace Banking.Client.Querying;

/// <summary>Writes results; CSV and JSON row by row as they come, a table in pages whose columns fit their rows.</summary>
internal static class ResultFormats
{
    private const int RowsPerTable = 1_000;

    public const string Table = "table";
    public const string Csv = "csv";
    public const string Json = "json";

    public static Task WriteAsync(string format, IQueryResult result, Terminal terminal) => format switch
    {
        Csv => WriteCsvAsync(result, terminal.Out),
        Json => WriteJsonAsync(result, terminal.Out),
        _ => WriteTableAsync(result, terminal.DrawOnOut()),
    };

    /// <summary>RFC 4180 but for the end of a line, which is LF: a header, quotes where needed. Null is empty, an empty text is <c>""</c>.</summary>
    private static async Task WriteCsvAsync(IQueryResult result, TextWriter output)
    {
        for (var i = 0; i < result.Columns.Count; i++) output.Write((i == 0 ? "" : ",") + CsvField(result.Columns[i].Name));
        output.Write("\n");
        while (await result.ReadAsync())
        {
            for (var i = 0; i < result.Columns.Count; i++)
            {
                if (i > 0) output.Write(',');
                var value = result[i];
                if (value.Kind != ValueKind.Null) output.Write(CsvField(value.Text));
            }

            output.Write("\n");
        }
    }

    /// <summary>An array of objects, one a line.</summary>
    private static async Task WriteJsonAsync(IQueryResult result, TextWriter output)
    {
        var names = result.Columns.Select(column => ValueText.Quote(column.Name)).ToArray();
        output.Write('[');
        for (var row = 0; await result.ReadAsync(); row++)
        {
            output.Write(row == 0 ? "\n{" : ",\n{");
            for (var i = 0; i < names.Length; i++)
            {
                if (i > 0) output.Write(',');
                output.Write(names[i]);
                output.Write(':');
                output.Write(ValueText.ToJson(result[i]));
            }

            output.Write('}');
        }

        output.Write("\n]\n");
    }

    private static async Task WriteTableAsync(IQueryResult result, IAnsiConsole console)
    {
        long rows = 0;
        bool more;
        do
        {
            var table = new Table().RoundedBorder();
            foreach (var column in result.Columns)
                table.AddColumn(new TableColumn(Markup.Escape(column.Name)) { Alignment = column.Numeric ? Justify.Right : Justify.Left });
            var held = 0;
            for (more = true; held < RowsPerTable && (more = await result.ReadAsync()); held++)
                table.AddRow(Enumerable.Range(0, result.Columns.Count).Select(i => new Text(result[i].Text)));

            rows += held;
            if (held > 0 || rows == 0) console.Write(table);
        }
        while (more);
        console.WriteLine(rows == 1 ? "1 row" : $"{rows} rows");
    }

    private static string CsvField(string text) =>
        text.Length == 0 || text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
}
