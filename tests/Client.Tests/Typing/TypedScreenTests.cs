using Banking.Client.Typing;

namespace Banking.Client.Tests.Typing;

public sealed class TypedScreenTests
{
    [Fact]
    public void Of_WhenTextHasLines_ThenEachIsBehindAPrompt()
    {
        var screen = Screen("select 1\nfrom x", cursor: 10);

        Assert.Equal(["> select 1", "- from x"], screen.Rows);
        Assert.Equal((1, 3), (screen.Row, screen.Column));
    }

    [Fact]
    public void Of_WhenALineIsTooLong_ThenItGoesOnInTheNextRow()
    {
        var screen = Screen("0123456789", width: 8);

        Assert.Equal(["> 01234", "56789"], screen.Rows);
        Assert.Equal((1, 5), (screen.Row, screen.Column));
        Assert.Equal((1, 0), (Screen("0123456789", cursor: 5, width: 8).Row, Screen("0123456789", cursor: 5, width: 8).Column));
    }

    [Fact]
    public void Of_WhenLettersAreWide_ThenTheCursorIsBehindTheirCells()
    {
        var screen = Screen("日本😀", cursor: 2);

        Assert.Equal((0, 6), (screen.Row, screen.Column));
    }

    [Fact]
    public void Of_WhenTextWouldSteerTheTerminal_ThenItIsWrittenOut() => Assert.Equal([@"> a\u001Bb"], Screen("a\u001bb").Rows);

    [Fact]
    public void Of_WhenRowsAreMoreThanTheTerminalHas_ThenThoseAroundTheCursorAreShown()
    {
        var text = string.Join('\n', Enumerable.Range(0, 30));

        var screen = Screen(text, height: 5);

        Assert.Equal(["- 25", "- 26", "- 27", "- 28", "- 29"], screen.Rows);
        Assert.Equal((4, 4), (screen.Row, screen.Column));
        Assert.Equal("> 0", Screen(text, cursor: 0, height: 5).Rows[0]);
    }

    [Fact]
    public void Of_WhenThereAreLinesBelow_ThenTheyAreCutToTheirRow() =>
        Assert.Equal(["> x", "account…"], TypedScreen.Of(EditedText.Of("x"), "> ", "- ", 9, 24, ["account_id"]).Rows);

    private static TypedScreen Screen(string text, int? cursor = null, int width = 80, int height = 24) =>
        TypedScreen.Of(new EditedText(text, cursor ?? text.Length), "> ", "- ", width, height, []);
}
