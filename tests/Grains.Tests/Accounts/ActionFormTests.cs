using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class ActionFormTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("tpeters")]
    [InlineData("josé.müller_9-@+")]
    [InlineData("李小龍")]
    [InlineData("дмитрий")]
    [InlineData("محمد")]
    [InlineData("٣٤")]
    [InlineData("𐐀𐐁")]
    [InlineData("नमस्ते")]
    [InlineData("ก้อง")]
    [InlineData("வணக்கம்")]
    [InlineData("\u1eb9\u0308")]
    [InlineData("...")]
    [InlineData(".a")]
    public void IsAccountId_WhenLettersAndDigitsOfAnyScript_ThenTrue(string id) => Assert.True(ActionForm.IsAccountId(id));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a\0")]
    [InlineData("a\n")]
    [InlineData("a'b")]
    [InlineData("😀")]
    [InlineData("a\u200b")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("\u0301a")]
    [InlineData("a\u20dd")]
    [InlineData("jose\u0301")]
    [InlineData("\u212bsa")]
    [InlineData("\u1112\u1161\u11ab")]
    public void IsAccountId_WhenAnythingElse_ThenFalse(string? id) => Assert.False(ActionForm.IsAccountId(id));

    [Theory]
    [InlineData("a", 128, true)]
    [InlineData("a", 129, false)]
    [InlineData("𐐀", 128, true)]
    [InlineData("𐐀", 129, false)]
    public void IsAccountId_WhenLong_ThenCountsCharactersNotCodeUnits(string character, int count, bool expected) =>
        Assert.Equal(expected, ActionForm.IsAccountId(string.Concat(Enumerable.Repeat(character, count))));

    // Not inline data: test ids are UTF-8, which has no half of a pair.
    [Fact]
    public void IsAccountId_WhenLoneSurrogate_ThenFalse() =>
        Assert.All(["a\ud801", "\udc00a", "\udc00\ud801", "\ud801\ud801\udc00"], id => Assert.False(ActionForm.IsAccountId(id)));

    [Fact]
    public void IsName_WhenLoneSurrogate_ThenFalse() => Assert.All(["A\ud801", "\udc00 B"], name => Assert.False(ActionForm.IsName(name)));

    [Theory]
    [InlineData("Tim Peters", true)]
    [InlineData("O'Brien, 😀", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" \t", false)]
    [InlineData("a\u0001", false)]
    [InlineData("a\u0085", false)]
    [InlineData("a\nb", false)]
    public void IsName_WhenAnyText_ThenOnlyControlAndBlankAreRefused(string? name, bool expected) =>
        Assert.Equal(expected, ActionForm.IsName(name));

    [Theory]
    [InlineData("x", 256, true)]
    [InlineData("x", 257, false)]
    [InlineData("😀", 256, true)]
    [InlineData("😀", 257, false)]
    public void IsName_WhenLong_ThenCountsCharactersNotCodeUnits(string character, int count, bool expected) =>
        Assert.Equal(expected, ActionForm.IsName(string.Concat(Enumerable.Repeat(character, count))));

    [Theory]
    [InlineData("!~", true)]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("a b", false)]
    [InlineData("é", false)]
    [InlineData("a\u007f", false)]
    public void IsActionId_WhenAnyText_ThenOnlyVisibleAscii(string? id, bool expected) => Assert.Equal(expected, ActionForm.IsActionId(id));

    [Fact]
    public void IsActionId_WhenLong_ThenUpTo128()
    {
        Assert.True(ActionForm.IsActionId(new string('x', 128)));
        Assert.False(ActionForm.IsActionId(new string('x', 129)));
    }

    [Theory]
    [InlineData("0.01", ActionCode.Done)]
    [InlineData("12.50000", ActionCode.Done)]
    [InlineData("1000000000000", ActionCode.Done)]
    [InlineData("1000000000000.01", ActionCode.AmountOutOfRange)]
    [InlineData("79228162514264337593543950335", ActionCode.AmountOutOfRange)]
    [InlineData("0", ActionCode.InvalidAmount)]
    [InlineData("-1", ActionCode.InvalidAmount)]
    [InlineData("0.001", ActionCode.InvalidAmount)]
    [InlineData("0.0000000000000000000000000001", ActionCode.InvalidAmount)]
    [InlineData("1000000000000.001", ActionCode.InvalidAmount)]
    public void Check_WhenAmount_ThenPositiveWithTwoDecimalsInRange(string text, ActionCode expected)
    {
        var amount = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, ActionForm.Check("a", new Deposit(amount) { ActionId = "1" }));
        Assert.Equal(expected, ActionForm.Check("a", new Withdraw(amount) { ActionId = "1" }));
    }

    [Theory]
    [InlineData(1, null, ActionCode.Done)]
    [InlineData(1_000_000_000_000, "0.000001", ActionCode.Done)]
    [InlineData(1_000_000_000_001, null, ActionCode.AmountOutOfRange)]
    [InlineData(0, null, ActionCode.InvalidQuantity)]
    [InlineData(-5, "-1", ActionCode.InvalidQuantity)]
    [InlineData(long.MinValue, null, ActionCode.InvalidQuantity)]
    [InlineData(long.MaxValue, "-1", ActionCode.AmountOutOfRange)]
    [InlineData(1, "0", ActionCode.InvalidLimitPrice)]
    [InlineData(1, "-1", ActionCode.InvalidLimitPrice)]
    [InlineData(1, "0.0000001", ActionCode.InvalidLimitPrice)]
    [InlineData(1, "1000000000000", ActionCode.InvalidLimitPrice)]
    public void Check_WhenOrder_ThenQuantityAndLimitInRange(long quantity, string? limitText, ActionCode expected)
    {
        decimal? limit = limitText is null ? null : decimal.Parse(limitText, System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(expected, ActionForm.Check("a", new BuyAsset("stock_a", quantity, limit) { ActionId = "1" }));
        Assert.Equal(expected, ActionForm.Check("a", new SellAsset("stock_a", quantity, limit) { ActionId = "1" }));
    }

    [Fact]
    public void Check_WhenSeveralThingsAreWrong_ThenTheFirstCodeIsGiven()
    {
        Assert.Equal(ActionCode.InvalidActionId, ActionForm.Check("a/b", new OpenAccount("") { ActionId = "" }));
        Assert.Equal(ActionCode.InvalidActionId, ActionForm.Check("a", new Deposit(1) { ActionId = null! }));
        Assert.Equal(ActionCode.InvalidAccountId, ActionForm.Check("a/b", new OpenAccount("") { ActionId = "1" }));
        Assert.Equal(ActionCode.InvalidName, ActionForm.Check("a", new OpenAccount("") { ActionId = "1" }));
        Assert.Equal(ActionCode.InvalidName, ActionForm.Check("a", new DeleteAccount(null!) { ActionId = "1" }));
    }
}
