using System.Text.RegularExpressions;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Identity;

/// <summary>Which lake it is, and whose; on HDFS see the store's contract.</summary>
public sealed partial class LakeIdentityTests : IDisposable
{
    private readonly SinkFixture _fixture = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task ReadAsync_WhenNobodyClaimedTheLake_ThenItHasNoIdentity() => Assert.Null(await Files().ReadAsync(Token));

    [Fact]
    public async Task ClaimAsync_WhenManyClaimAtOnce_ThenAllHearTheSame()
    {
        var claims = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => Files().ClaimAsync($"bank{i}", Token), Token)));

        var identity = Assert.Single(claims.Distinct());
        Assert.Matches(LakeId(), identity.LakeId);
        Assert.Equal(identity, await Files().ReadAsync(Token));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_fixture.Root, "_staging")));
    }

    [Fact]
    public async Task ClaimAsync_WhenTheBankIsKnownOnlyLater_ThenTheLakeStaysTheSame()
    {
        var files = Files();
        var before = await files.ClaimAsync(null, Token);

        var after = await files.ClaimAsync("bank1", Token);

        Assert.Equal((before.LakeId, null, "bank1"), (after.LakeId, before.BankId, after.BankId));
    }

    [Fact]
    public async Task OpenAsync_WhenTheLakeIsOfAnEarlierBuild_ThenItGetsAnIdentity()
    {
        _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        await (await _fixture.OpenAsync()).DrainAsync();
        Directory.Delete(Path.Combine(_fixture.Root, "_lake"), recursive: true);
        _fixture.Bank = new FixedBank("bank1");

        await _fixture.OpenAsync();

        Assert.Equal("bank1", (await Files().ReadAsync(Token))?.BankId);
    }

    [Fact]
    public async Task OpenAsync_WhenTheLakeIsAnotherBanks_ThenRefuses()
    {
        await Files().ClaimAsync("bank1", Token);
        _fixture.Bank = new FixedBank("bank2");

        var refusal = await Assert.ThrowsAsync<LakeOfAnotherBankException>(() => _fixture.OpenAsync());

        Assert.Contains("the events of bank bank1, and storage is that of bank bank2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAsync_WhenTheBankIsNotKnownYet_ThenWaits()
    {
        _fixture.Bank = new FixedBank(null);

        await Assert.ThrowsAsync<BankUnknownException>(() => _fixture.OpenAsync());

        Assert.Null(await Files().ReadAsync(Token));
    }

    [Theory]
    [InlineData("""{"format":2,"lake":"abc"}""", "newer version (format 2; this one knows 1)")]
    [InlineData("""{"format":1}""", "names no lake")]
    [InlineData("", "is damaged")]
    public async Task OpenAsync_WhenTheIdentityCannotBeUsed_ThenRefusesAndKeepsIt(string content, string reason)
    {
        var path = Path.Combine(Directory.CreateDirectory(Path.Combine(_fixture.Root, "_lake")).FullName, "identity");
        await File.WriteAllTextAsync(path, content, Token);

        var refusal = await Assert.ThrowsAnyAsync<LakeRefusalException>(() => _fixture.OpenAsync());

        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(path, Token));
    }

    private LakeIdentityFiles Files() => new(_fixture.Store);

    [GeneratedRegex("^[a-z0-9]{12}$")]
    private static partial Regex LakeId();
}
