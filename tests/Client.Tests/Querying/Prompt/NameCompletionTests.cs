using Banking.Client.Querying.Prompt;

namespace Banking.Client.Tests.Querying.Prompt;

public sealed class NameCompletionTests
{
    // The cursor is at |.
    [Theory]
    [InlineData("select * from |", "account_status,asset_prices,asset_transactions,cash_transactions")]
    [InlineData("select * from as|", "asset_prices,asset_transactions")]
    [InlineData("SELECT * FROM CASH|", "cash_transactions")]
    [InlineData("select * from cash_transactions join acc|", "account_status")]
    [InlineData("describe cash|", "cash_transactions")]
    [InlineData("select cash_b| from cash_transactions", "cash_balance")]
    [InlineData("select c.cash| from cash_transactions c", "cash_balance")]
    [InlineData("select c.cash| from cash_transactions as c", "cash_balance")]
    [InlineData("select cash_transactions.ev|", "event_id,event_type")]
    [InlineData("select sum(am|), 1 from cash_transactions", "amount")]
    [InlineData("select conn| from asset_prices", "")]
    [InlineData("select conn| from account_status", "connection")]
    [InlineData("select x.am| from cash_transactions", "")]
    [InlineData("select 'am|", "")]
    [InlineData("select 1; /* am */ nothing_|", "")]
    public void Of_WhenANameIsBegun_ThenTheseFit(string text, string expected) => Assert.Equal(expected, string.Join(',', At(text).Names));

    [Fact]
    public void CommonStart_WhenSeveralFit_ThenWhatTheyShare()
    {
        var completion = At("select * from as|");

        Assert.Equal(("asset_", "select * from ".Length), (completion.CommonStart, completion.Start));
        Assert.Equal("", At("select nothing_|").CommonStart);
    }

    private static NameCompletion At(string text) =>
        NameCompletion.Of(text.Replace("|", "", StringComparison.Ordinal), text.IndexOf('|', StringComparison.Ordinal));
}
