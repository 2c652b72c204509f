using Banking.Accounts;
using Banking.Events;

namespace Banking.Grains.Tests.Accounts;

public sealed class ActionIdentityTests
{
    [Fact]
    public void IssuedAtOf_WhenUuidV7_ThenItsTime()
    {
        var time = new DateTimeOffset(2026, 11, 24, 1, 2, 3, 456, TimeSpan.Zero);

        Assert.Equal(time.ToUnixTimeMilliseconds(), ActionIdentity.IssuedAtOf(Guid.CreateVersion7(time).ToString()));
    }

    // RFC 9562, appendix A.6.
    [Fact]
    public void IssuedAtOf_WhenExampleOfTheRfc_ThenItsTime() =>
        Assert.Equal(0x017F22E279B0, ActionIdentity.IssuedAtOf("017F22E2-79B0-7CC3-98C4-DC0C0C07398F"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("order-17")]
    [InlineData("919108f7-52d1-4320-9bac-f847db4148a8")]
    [InlineData("017F22E279B07CC398C4DC0C0C07398F")]
    public void IssuedAtOf_WhenAnyOtherId_ThenZero(string? id) => Assert.Equal(0, ActionIdentity.IssuedAtOf(id));

    [Fact]
    public void Of_WhenSameContentInOtherDigits_ThenSameIdentity()
    {
        Assert.Equal(ActionIdentity.Of(new Deposit(5m) { ActionId = "1" }), ActionIdentity.Of(new Deposit(5.00m) { ActionId = "1" }));
        Assert.Equal(
            ActionIdentity.Of(new BuyAsset("s", 1, 5m) { ActionId = "1" }),
            ActionIdentity.Of(new BuyAsset("s", 1, 5.000000m) { ActionId = "1" }));
    }

    [Fact]
    public void Of_WhenOnlyTheOriginDiffers_ThenSameIdentity() =>
        Assert.Equal(
            ActionIdentity.Of(new Deposit(5m) { ActionId = "1" }),
            ActionIdentity.Of(new Deposit(5m) { ActionId = "1", Origin = new RequestOrigin { Host = "h" } }));

    [Fact]
    public void Of_WhenContentsDiffer_ThenFingerprintsDiffer()
    {
        AccountAction[] actions =
        [
            new OpenAccount("A") { ActionId = "1" }, new OpenAccount("a") { ActionId = "1" }, new DeleteAccount("A") { ActionId = "1" },
            new Deposit(5m) { ActionId = "1" }, new Deposit(50m) { ActionId = "1" }, new Withdraw(5m) { ActionId = "1" },
            new BuyAsset("s", 5) { ActionId = "1" }, new BuyAsset("s", 5, 5) { ActionId = "1" },
            new BuyAsset("s", 5, 0.000001m) { ActionId = "1" },
            new BuyAsset("t", 5) { ActionId = "1" }, new SellAsset("s", 5) { ActionId = "1" },
        ];

        var identities = actions.Select(ActionIdentity.Of).ToList();

        Assert.Equal(actions.Length, identities.Select(i => i.Fingerprint).Distinct().Count());
        Assert.Single(identities.Select(i => (i.IdLow, i.IdHigh)).Distinct());
    }

    [Fact]
    public void Of_WhenTextsAreLongerThanTheStackBuffer_ThenEveryCharacterCounts()
    {
        var name = new string('語', 255);

        var fingerprints = new[] { name + "a", name + "b" }
            .Select(n => ActionIdentity.Of(new OpenAccount(n) { ActionId = "1" }).Fingerprint);

        Assert.Equal(2, fingerprints.Distinct().Count());
    }

    [Fact]
    public void Of_WhenIdIsNull_ThenLeavesTheRefusalToTheForm() =>
        Assert.Equal(0, ActionIdentity.Of(new Deposit(1) { ActionId = null! }).IssuedAt);
}
