using System.Text;
using Banking.Client.Typing;

namespace Banking.Client.Tests;

public sealed class ShownTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain \\ text ~", "plain \\ text ~")]
    [InlineData("Zoë नमस्ते 漢字 🙂", "Zoë नमस्ते 漢字 🙂")]
    [InlineData("👩\u200d🚀 می\u200cخواهم", "👩\u200d🚀 می\u200cخواهم")]
    [InlineData("\u001b[2J\a\b\u007f\u009b", "\\u001B[2J\\u0007\\u0008\\u007F\\u009B")]
    [InlineData("a\r\n\tb", "a\\r\\n\\tb")]
    [InlineData("\u202ea\u2066b\u200f\u061c\ufeff", "\\u202Ea\\u2066b\\u200F\\u061C\\uFEFF")]
    [InlineData("a\u2028b\u2029", "a\\u2028b\\u2029")]
    [InlineData("\U000e0041", "\\uDB40\\uDC41")]
    public void Line_Always_WritesOutWhatSteers(string text, string shown) => Assert.Equal(shown, ShownText.Line(text));

    [Fact]
    public void Line_WhenASurrogateIsAlone_ThenItIsWrittenOut() => Assert.Equal("a\\uD800b", ShownText.Line("a" + (char)0xD800 + "b"));

    [Fact]
    public void Lines_Always_KeepsLinesAndTabs() => Assert.Equal("a\n\tb\\r\n\\u001B", ShownText.Lines("a\n\tb\r\n\u001b"));

    [Fact]
    public void Line_OfEveryCharacter_HasNoControlAndNoBidirectionalOne()
    {
        var shown = ShownText.Line(string.Concat(Enumerable.Range(0, 0x10_000).Select(c => (char)c)));

        Assert.All(
            shown.EnumerateRunes(),
            rune => Assert.False(
                Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F));
    }
}
