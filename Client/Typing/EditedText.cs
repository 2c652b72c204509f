using System.Globalization;

namespace Banking.Client.Typing;

/// <summary>Text with lines (LF between them) and a cursor, as a person edits it: each change gives a new one. Pure.</summary>
/// <param name="Cursor">An index into the text, from 0 to its length.</param>
internal readonly record struct EditedText(string Text, int Cursor)
{
    public static EditedText Empty => new("", 0);

    private int LineStart => Text.LastIndexOf('\n', Math.Max(0, Cursor - 1), Cursor) + 1;

    private int LineEnd => Text.IndexOf('\n', Cursor) is >= 0 and var end ? end : Text.Length;

    /// <summary>A text with the cursor at its end.</summary>
    public static EditedText Of(string text) => new(text, text.Length);

    public EditedText Insert(string text) => new(Text.Insert(Cursor, text), Cursor + text.Length);

    public EditedText Backspace() => RemoveFrom(Before);

    public EditedText Delete() => (this with { Cursor = After }).RemoveFrom(Cursor);

    public EditedText DeleteWordBefore() => RemoveFrom(WordBefore);

    public EditedText DeleteToLineStart() => RemoveFrom(LineStart);

    public EditedText DeleteToLineEnd() => (this with { Cursor = LineEnd }).RemoveFrom(Cursor);

    public EditedText Left() => this with { Cursor = Before };

    public EditedText Right() => this with { Cursor = After };

    public EditedText WordLeft() => this with { Cursor = WordBefore };

    public EditedText WordRight()
    {
        var at = Cursor;
        while (at < Text.Length && !IsPartOfWord(Text[at])) at++;
        while (at < Text.Length && IsPartOfWord(Text[at])) at++;
        return this with { Cursor = at };
    }

    public EditedText Home() => this with { Cursor = LineStart };

    public EditedText End() => this with { Cursor = LineEnd };

    /// <returns>Null in the first line.</returns>
    public EditedText? Up()
    {
        if (LineStart == 0) return null;
        var above = this with { Cursor = LineStart - 1 };
        return this with { Cursor = Math.Min(above.LineStart + Cursor - LineStart, above.Cursor) };
    }

    /// <returns>Null in the last line.</returns>
    public EditedText? Down()
    {
        if (LineEnd == Text.Length) return null;
        var below = this with { Cursor = LineEnd + 1 };
        return this with { Cursor = Math.Min(below.Cursor + Cursor - LineStart, below.LineEnd) };
    }

    /// <summary>The text after a key that is the same wherever text is edited; null if the key means nothing.</summary>
    public EditedText? Pressed(ConsoleKeyInfo key) => (key.Key, key.Modifiers) switch
    {
        (ConsoleKey.Backspace, ConsoleModifiers.Control or ConsoleModifiers.Alt) => DeleteWordBefore(),
        (ConsoleKey.W, ConsoleModifiers.Control) => DeleteWordBefore(),
        (ConsoleKey.Backspace, _) => Backspace(),
        (ConsoleKey.Delete, _) => Delete(),
        (ConsoleKey.U, ConsoleModifiers.Control) => DeleteToLineStart(),
        (ConsoleKey.K, ConsoleModifiers.Control) => DeleteToLineEnd(),
        (ConsoleKey.LeftArrow, ConsoleModifiers.Control or ConsoleModifiers.Alt) => WordLeft(),
        (ConsoleKey.RightArrow, ConsoleModifiers.Control or ConsoleModifiers.Alt) => WordRight(),
        (ConsoleKey.B, ConsoleModifiers.Alt) => WordLeft(),
        (ConsoleKey.F, ConsoleModifiers.Alt) => WordRight(),
        (ConsoleKey.LeftArrow, _) or (ConsoleKey.B, ConsoleModifiers.Control) => Left(),
        (ConsoleKey.RightArrow, _) or (ConsoleKey.F, ConsoleModifiers.Control) => Right(),
        (ConsoleKey.Home, _) or (ConsoleKey.A, ConsoleModifiers.Control) => Home(),
        (ConsoleKey.End, _) or (ConsoleKey.E, ConsoleModifiers.Control) => End(),
        // Windows reports AltGr, which makes letters, as both.
        _ when !char.IsControl(key.KeyChar) && key.Modifiers is not (ConsoleModifiers.Control or ConsoleModifiers.Alt) =>
            Insert(key.KeyChar.ToString()),
        _ => null,
    };

    // Letters may consist of several characters: the cursor passes, and keys delete, whole letters.
    private int Before
    {
        get
        {
            if (Cursor == 0) return 0;
            if (LineStart == Cursor) return Cursor - 1;
            var at = LineStart;
            while (at + StringInfo.GetNextTextElementLength(Text, at) is var next && next < Cursor) at = next;
            return at;
        }
    }

    private int After => Cursor == Text.Length ? Cursor : Cursor + StringInfo.GetNextTextElementLength(Text, Cursor);

    private int WordBefore
    {
        get
        {
            var at = Cursor;
            while (at > 0 && !IsPartOfWord(Text[at - 1])) at--;
            while (at > 0 && IsPartOfWord(Text[at - 1])) at--;
            return at;
        }
    }

    private static bool IsPartOfWord(char c) => char.IsLetterOrDigit(c) || c == '_' || char.IsSurrogate(c);

    private EditedText RemoveFrom(int start) => new(Text.Remove(start, Cursor - start), start);
}
