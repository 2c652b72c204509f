using System.Globalization;
using System.Text;

namespace Banking.Client.Typing;

/// <summary>Edited text as rows of a terminal, each line after a prompt. Pure.</summary>
/// <param name="Row">The cursor's row in <paramref name="Rows"/>.</param>
/// <param name="Column">The cursor's column, from 0 on.</param>
internal sealed record TypedScreen(IReadOnlyList<string> Rows, int Row, int Column)
{
    /// <param name="first">The prompt of the first line.</param>
    /// <param name="more">The prompt of the other lines, of the same width.</param>
    /// <param name="width">Cells in a row of the terminal.</param>
    /// <param name="height">The rows of the terminal; of a longer text, the part around the cursor is shown.</param>
    /// <param name="below">Lines to show below the text.</param>
    public static TypedScreen Of(EditedText edited, string first, string more, int width, int height, IReadOnlyList<string> below)
    {
        List<string> rows = [];
        var row = new StringBuilder(first);
        var (cells, cursorRow, cursorColumn) = (Cells.Of(first), 0, 0);
        // The last cell stays free: terminals differ in where the cursor is after it.
        var room = Math.Max(2, width - 1);
        for (var at = 0; at < edited.Text.Length;)
        {
            if (at == edited.Cursor) (cursorRow, cursorColumn) = (rows.Count, cells);
            var length = StringInfo.GetNextTextElementLength(edited.Text, at);
            var isLineEnd = edited.Text[at] == '\n';
            var shown = isLineEnd ? "" : ShownText.Line(edited.Text.Substring(at, length));
            if (isLineEnd || cells + Cells.Of(shown) > room)
            {
                rows.Add(row.ToString());
                row.Clear().Append(isLineEnd ? more : "");
                cells = isLineEnd ? Cells.Of(more) : 0;
                if (!isLineEnd && at == edited.Cursor) (cursorRow, cursorColumn) = (rows.Count, 0);
            }

            row.Append(shown);
            cells += Cells.Of(shown);
            at += length;
        }

        if (edited.Cursor == edited.Text.Length) (cursorRow, cursorColumn) = (rows.Count, cells);
        rows.Add(row.ToString());
        rows.AddRange(below.Select(line => Cells.Cut(line, room)));
        if (rows.Count <= height) return new TypedScreen(rows, cursorRow, cursorColumn);
        var skip = Math.Clamp(cursorRow - (height / 2), 0, rows.Count - height);
        return new TypedScreen(rows.GetRange(skip, height), cursorRow - skip, cursorColumn);
    }
}
