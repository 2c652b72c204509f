using Banking.Accounts;
using Banking.Client.Banks;

namespace Banking.Client.Tests.Banks;

public sealed class BankAnswerTests
{
    [Theory]
    [InlineData(ActionCode.Done, true)]
    [InlineData(ActionCode.AccountUnknown, false)]
    [InlineData(ActionCode.AccountClosed, true)]
    [InlineData(ActionCode.NameMismatch, true)]
    [InlineData(ActionCode.CashShort, true)]
    [InlineData(ActionCode.InvalidAmount, false)]
    [InlineData(ActionCode.QuoteExpired, false)]
    public void IsRemembered_WhenAnAccountSaidIt_IsTrue(ActionCode code, bool remembered)
    {
        var answer = new BankAnswer(code, 0, 0, 0, 0, Replayed: false);

        Assert.Equal(remembered, answer.IsRemembered);
    }
}
