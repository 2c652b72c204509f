using Banking.Client.Terminals;

namespace Banking.Client.Querying.Output;

/// <summary>How a result is to be written.</summary>
/// <param name="Format">One of <see cref="ResultFormats"/>.</param>
/// <param name="Expanded">Of a table: one row a block, a column a line.</param>
/// <param name="Rows">
/// Of a table: how many rows are drawn at the most; null: <see cref="RowsAtTerminal"/> at a terminal, all elsewhere; 0: all.
/// </param>
internal sealed record ResultShape(string Format, bool Expanded, int? Rows)
{
    public const int RowsAtTerminal = 100;

    public long MostRows(Terminal terminal) =>
        (Rows ?? (terminal.Width is null ? 0 : RowsAtTerminal)) is > 0 and var rows ? rows : long.MaxValue;
}
