using Banking.Client.Engines;
using Banking.Client.Terminals;
using Banking.Client.Typing;

namespace Banking.Client.Querying.Prompt;

/// <summary>Asks a person for SQL: lines until a semicolon ends the statement, with a history and completion of names.</summary>
internal sealed class StatementEditor(Keyboard keyboard, Terminal terminal, StatementHistory history)
{
    private const string First = "banking> ";
    private const string More = "      -> ";
    private const string Indent = "    ";

    private readonly TypedArea _area = new(terminal.Out);
    private EditedText _edited;
    private string[] _below = [];

    // The position in the history; at its count, what is typed now, which is kept meanwhile.
    private int _at;
    private string _draft = "";

    /// <returns>The statement; null if the person wants to stop.</returns>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        (_edited, _below, _at, _draft) = (EditedText.Empty, [], history.Statements.Count, "");
        _area.Draw(Screen());
        while (await keyboard.ReadAsync(cancellationToken) is { } key)
        {
            _below = [];
            if (Keyboard.IsCtrl(key, ConsoleKey.C)) return Done("", "^C");
            if (Keyboard.IsCtrl(key, ConsoleKey.D) && _edited.Text.Length == 0) return Done(null, "exit");
            if (key.Key == ConsoleKey.Enter && key.Modifiers == 0 && IsWhole(_edited.Text)) return Done(_edited.Text, "");
            Press(key);
            // Pasted text comes faster than a terminal draws it.
            if (!keyboard.HasMore) _area.Draw(Screen());
        }

        return Done(null, "");
    }

    private static bool IsWhole(string text)
    {
        if (string.IsNullOrWhiteSpace(text) || SessionCommand.Is(text)) return true;
        _ = SqlTokens.Statements(text, out var isEnded);
        return isEnded;
    }

    private void Press(ConsoleKeyInfo key)
    {
        switch (key.Key)
        {
            case ConsoleKey.Enter:
                _edited = _edited.Insert("\n");
                break;
            case ConsoleKey.Tab:
                Complete();
                break;
            case ConsoleKey.UpArrow or ConsoleKey.P when key.Key == ConsoleKey.UpArrow || key.Modifiers == ConsoleModifiers.Control:
                if (_edited.Up() is { } above) _edited = above;
                else Recall(_at - 1);
                break;
            case ConsoleKey.DownArrow or ConsoleKey.N when key.Key == ConsoleKey.DownArrow || key.Modifiers == ConsoleModifiers.Control:
                if (_edited.Down() is { } below) _edited = below;
                else Recall(_at + 1);
                break;
            case ConsoleKey.D when key.Modifiers == ConsoleModifiers.Control:
                _edited = _edited.Delete();
                break;
            default:
                _edited = _edited.Pressed(key) ?? _edited;
                break;
        }
    }

    private void Recall(int at)
    {
        if (at < 0 || at > history.Statements.Count) return;
        if (_at == history.Statements.Count) _draft = _edited.Text;
        _at = at;
        _edited = EditedText.Of(at == history.Statements.Count ? _draft : history.Statements[at]);
    }

    private void Complete()
    {
        // Tabs in pasted text, or at the beginning of a line, are space.
        if (keyboard.HasMore || string.IsNullOrWhiteSpace(_edited.Text[_edited.Home().Cursor.._edited.Cursor]))
        {
            _edited = _edited.Insert(Indent);
            return;
        }

        var completion = NameCompletion.Of(_edited.Text, _edited.Cursor);
        var begun = _edited.Cursor - completion.Start;
        if (completion.CommonStart.Length > begun || completion.Names.Length == 1)
        {
            var rest = _edited.Text[_edited.Cursor..];
            var start = _edited.Text[..completion.Start] + completion.CommonStart;
            _edited = new EditedText(start + rest, start.Length);
        }
        else if (completion.Names.Length > 1)
        {
            _below = [.. Columns(completion.Names)];
        }
    }

    /// <summary>Names side by side, as many as fit.</summary>
    private IEnumerable<string> Columns(IReadOnlyList<string> names)
    {
        var widest = names.Max(name => name.Length) + 2;
        var perRow = Math.Max(1, (terminal.Size().Width - 1) / widest);
        return names.Chunk(perRow).Select(row => string.Concat(row.Select(name => name.PadRight(widest))).TrimEnd());
    }

    private string? Done(string? text, string mark)
    {
        _edited = EditedText.Of(_edited.Text + mark);
        _area.End(Screen());
        if (!string.IsNullOrWhiteSpace(text) && !SessionCommand.IsExit(text)) history.Add(text.Trim());
        return text;
    }

    private TypedScreen Screen()
    {
        var (width, height) = terminal.Size();
        return TypedScreen.Of(_edited, First, More, width, height, _below);
    }
}
