using System.Globalization;
using System.Text;

namespace Banking.Client.Typing;

/// <summary>The rows of a terminal in which text is edited: redrawn in place until the text is done.</summary>
internal sealed class TypedArea(TextWriter output)
{
    private int _row;

    public void Draw(TypedScreen screen)
    {
        var text = new StringBuilder();
        Move(text, _row, 'A');
        text.Append("\r\e[J").AppendJoin('\n', screen.Rows);
        Move(text, screen.Rows.Count - 1 - screen.Row, 'A');
        text.Append('\r');
        Move(text, screen.Column, 'C');
        output.Write(text.ToString());
        output.Flush();
        _row = screen.Row;
    }

    /// <summary>Leaves what is drawn, and goes to the row below it.</summary>
    /// <param name="screen">The last screen, with the cursor at the end.</param>
    public void End(TypedScreen screen)
    {
        Draw(screen);
        output.Write("\n");
        _row = 0;
    }

    private static void Move(StringBuilder text, int by, char direction)
    {
        if (by > 0) text.Append(CultureInfo.InvariantCulture, $"\e[{by}{direction}");
    }
}
