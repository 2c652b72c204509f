using System.Globalization;
using Banking.Client.Engines;
using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Output;

/// <summary>
/// A result drawn for people: in pages whose columns fit their rows and, at a terminal, its width, or as one block per row. Only a limited
/// number of rows is drawn, but all are counted.
/// </summary>
internal sealed class DrawnResult(IQueryResult result, Terminal terminal, ResultShape shape)
{
    private const int RowsPerPage = 1_000;

    private readonly string[] _names = [.. result.Columns.Select(column => ShownText.Line(column.Name))];
    private readonly bool[] _numeric = [.. result.Columns.Select(column => column.Numeric)];

    public async Task WriteAsync()
    {
        var most = shape.MostRows(terminal);
        List<string[]> page = [];
        SortedSet<string> notices = new(StringComparer.Ordinal);
        long rows = 0;
        var more = true;
        while (more && rows < most)
        {
            page.Clear();
            while (page.Count < Math.Min(RowsPerPage, most - rows) && (more = await result.ReadAsync())) page.Add(Row());
            if (page.Count > 0 || rows == 0) Draw(page, rows, notices);
            rows += page.Count;
        }

        var all = rows;
        while (more && (more = await result.ReadAsync())) all++;
        foreach (var notice in notices) terminal.Out.Write(notice + "\n");
        terminal.Out.Write(Count(rows, all) + "\n");
    }

    private string[] Row()
    {
        var row = new string[_names.Length];
        for (var i = 0; i < row.Length; i++) row[i] = ShownText.Line(result[i].Text);
        return row;
    }

    private void Draw(List<string[]> page, long before, SortedSet<string> notices)
    {
        if (shape.Expanded)
        {
            foreach (var (i, row) in page.Index()) terminal.Out.Write(Blocks.Draw(_names, row, before + i + 1));
            return;
        }

        var fit = TableFit.Of(_names, _numeric, page, terminal.Width);
        terminal.Out.Write(TableText.Draw(_names, _numeric, page, fit));
        foreach (var notice in fit.Notices(_names)) notices.Add(notice);
    }

    private static string Count(long drawn, long all) => (drawn, all) switch
    {
        (_, 1) => "1 row",
        _ when drawn == all => string.Create(CultureInfo.InvariantCulture, $"{all} rows"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{all} rows, of which the first {drawn} are shown; --rows 0 shows all"),
    };
}

/// <summary>How a result is to be written.</summary>
/// <param name="Format">One of <see cref="ResultFormats"/>.</param>
/// <param name="Expanded">For a table: one block per row, one column per line.</param>
/// <param name="Rows">For a table: the most rows that are drawn. Null means <see cref="RowsAtTerminal"/> at a terminal and all elsewhere; 0
/// means all.</param>
internal sealed record ResultShape(string Format, bool Expanded, int? Rows)
{
    public const int RowsAtTerminal = 100;

    public long MostRows(Terminal terminal) =>
        (Rows ?? (terminal.Width is null ? 0 : RowsAtTerminal)) is > 0 and var rows ? rows : long.MaxValue;
}
