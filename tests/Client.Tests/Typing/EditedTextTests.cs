using Banking.Client.Typing;

namespace Banking.Client.Tests.Typing;

public sealed class EditedTextTests
{
    // The cursor is at |.
    [Theory]
    [InlineData("ab|c", ConsoleKey.LeftArrow, 0, "a|bc")]
    [InlineData("|abc", ConsoleKey.LeftArrow, 0, "|abc")]
    [InlineData("abc|", ConsoleKey.RightArrow, 0, "abc|")]
    [InlineData("a😀|", ConsoleKey.LeftArrow, 0, "a|😀")]
    [InlineData("a|😀b", ConsoleKey.RightArrow, 0, "a😀|b")]
    [InlineData("ก้|", ConsoleKey.Backspace, 0, "|")]
    [InlineData("a\n|b", ConsoleKey.Backspace, 0, "a|b")]
    [InlineData("|", ConsoleKey.Backspace, 0, "|")]
    [InlineData("a|👩‍🚀b", ConsoleKey.Delete, 0, "a|b")]
    [InlineData("a|", ConsoleKey.Delete, 0, "a|")]
    [InlineData("one\ntwo|", ConsoleKey.Home, 0, "one\n|two")]
    [InlineData("o|ne\ntwo", ConsoleKey.End, 0, "one|\ntwo")]
    [InlineData("select cash_amount|, x", ConsoleKey.W, ConsoleModifiers.Control, "select |, x")]
    [InlineData("select x |", ConsoleKey.LeftArrow, ConsoleModifiers.Control, "select |x ")]
    [InlineData("|select x", ConsoleKey.RightArrow, ConsoleModifiers.Control, "select| x")]
    [InlineData("one\ntwo th|ree", ConsoleKey.U, ConsoleModifiers.Control, "one\n|ree")]
    [InlineData("o|ne\ntwo", ConsoleKey.K, ConsoleModifiers.Control, "o|\ntwo")]
    public void Pressed_WhenAKeyEdits_ThenTextAndCursorAreThese(string before, ConsoleKey key, ConsoleModifiers modifiers, string after) =>
        Assert.Equal(after, Shown(At(before).Pressed(Keys.Of(key, modifiers))!.Value));

    [Theory]
    [InlineData("one\ntwo three|", "one|\ntwo three")]
    [InlineData("one\nt|wo", "o|ne\ntwo")]
    [InlineData("o|ne", null)]
    public void Up_WhenThereAreLines_ThenTheCursorStaysInItsColumn(string before, string? after) =>
        Assert.Equal(after, At(before).Up() is { } up ? Shown(up) : null);

    [Theory]
    [InlineData("one|\nx\nthree", "one\nx|\nthree")]
    [InlineData("o|ne\ntwo", "one\nt|wo")]
    [InlineData("one\nt|wo", null)]
    public void Down_WhenThereAreLines_ThenTheCursorStaysInItsColumn(string before, string? after) =>
        Assert.Equal(after, At(before).Down() is { } down ? Shown(down) : null);

    [Theory]
    [InlineData(ConsoleKey.F5, 0)]
    [InlineData(ConsoleKey.Z, ConsoleModifiers.Control)]
    [InlineData(ConsoleKey.Z, ConsoleModifiers.Alt)]
    public void Pressed_WhenAKeyMeansNothing_ThenNull(ConsoleKey key, ConsoleModifiers modifiers) =>
        Assert.Null(At("x|").Pressed(Keys.Of(key, modifiers)));

    private static EditedText At(string text) =>
        new(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|', StringComparison.Ordinal));

    private static string Shown(EditedText edited) => edited.Text.Insert(edited.Cursor, "|");
}
