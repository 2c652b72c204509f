using System.Globalization;
using Banking.Client.Querying.Output;

namespace Banking.Client.Querying.Prompt;

/// <summary>What is typed at the prompt and is not SQL. Pure.</summary>
internal static class SessionCommand
{
    public const string Words = @"\x turns blocks instead of tables on and off, \rows 0 shows all rows, exit ends.";

    public static bool Is(string text) => IsExit(text) || text.AsSpan().TrimStart().StartsWith('\\');

    public static bool IsExit(string text) => text.Trim().TrimEnd(';', ' ').ToUpperInvariant() is "EXIT" or "QUIT" or @"\Q";

    /// <returns>The sentence to show, and how results are written from now on.</returns>
    public static (string Sentence, ResultShape Shape) Follow(string text, ResultShape shape)
    {
        var words = text.Trim().TrimEnd(';').Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words switch
        {
            [@"\x"] when shape.Expanded => ("Rows are drawn as a table.", shape with { Expanded = false }),
            [@"\x"] => ("A row is drawn as a block.", shape with { Expanded = true }),
            [@"\rows", var count] when int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) =>
                (rows == 0 ? "All rows are drawn." : $"{rows} rows are drawn at the most.", shape with { Rows = rows }),
            _ => (Words, shape),
        };
    }
}
