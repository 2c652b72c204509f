using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class NormalFormTests
{
    // From Unicode's NormalizationTest.txt: letters with one and several marks, in any order, singletons, Hangul, what is never composed,
    // beyond the BMP.
    [Theory]
    [InlineData("e\u0301", "\u00e9")]
    [InlineData("\u1e0a\u0323", "\u1e0c\u0307")]
    [InlineData("D\u0307\u0323", "\u1e0c\u0307")]
    [InlineData("\u212b", "\u00c5")]
    [InlineData("\u1112\u1161\u11ab", "\ud55c")]
    [InlineData("\u0958", "\u0915\u093c")]
    [InlineData("\U0001d15e", "\U0001d157\U0001d165")]
    [InlineData("\u0c46\u0c56", "\u0c48")]
    public void Of_WhenWrittenInAnotherForm_ThenIsNormalFormC(string text, string expected)
    {
        Assert.Equal(expected, NormalForm.Of(text));
        Assert.False(NormalForm.Is(text));
        Assert.True(NormalForm.Is(expected));
    }

    [Theory]
    [InlineData("")]
    [InlineData("tpeters")]
    [InlineData("नमस्ते")]
    [InlineData("ก้อง")]
    [InlineData("😀")]
    public void Of_WhenNormal_ThenIsTheSame(string text) => Assert.Equal(text, NormalForm.Of(text));

    // Not inline data: test ids are UTF-8, which has no half of a pair.
    [Fact]
    public void Of_WhenNotValid_ThenIsTheSame() =>
        Assert.All(["a\ud801e\u0301", "\udc00"], text => Assert.Equal(text, NormalForm.Of(text)));
}
