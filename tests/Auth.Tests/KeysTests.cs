using System.Globalization;
using System.Net;
using System.Text.Json;
using Banking.Callers;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Auth.Tests;

/// <summary>The bank's own keys.</summary>
public sealed class KeysTests(AskingSilo silo) : IClassFixture<AskingSilo>
{
    [Fact]
    public async Task Create_WhenAnOperatorDoes_ThenTheKeyIsGoodForItsRoleAndOnlyItsHashIsKept()
    {
        var (id, key) = await Create("match 1", "server");

        var account = await silo.Open(key);

        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, $"/v1/accounts/{account}", key)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Send(HttpMethod.Get, "/v1/keys", key)).Status);
        var kept = Assert.Single(await Ring.List(), kept => kept.Id == id);
        Assert.Equal(("match 1", CallerRole.Server, "bootstrap"), (kept.Name, kept.Role, kept.CreatedBy!.Subject));
        Assert.DoesNotContain(key.Split('_')[^1], JsonSerializer.Serialize(kept), StringComparison.Ordinal);
        var listed = await silo.Send(HttpMethod.Get, "/v1/keys", silo.Bootstrap);
        Assert.Contains("match 1", listed.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(kept.Hash, listed.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_WhenAByteIsCutOrChanged_Then401()
    {
        var (_, key) = await Create("match 2", "server");
        foreach (var wrong in new[]
            {
                key[..^1], key + "A", key[1..], key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), key.ToUpperInvariant(), "bk_" + key,
                key[..4] + (key[4] == '0' ? '1' : '0') + key[5..],
            })
            Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Send(HttpMethod.Get, "/v1/assets", wrong)).Status);
    }

    [Fact]
    public async Task Revoke_WhenAnOperatorDoes_ThenItIsRefusedAtOnceHere()
    {
        var (id, key) = await Create("match 3", "server");

        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Delete, "/v1/keys/" + id, silo.Bootstrap)).Status);

        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Send(HttpMethod.Get, "/v1/assets", key)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Send(HttpMethod.Delete, "/v1/keys/" + id, silo.Bootstrap)).Status);
    }

    [Fact]
    public async Task Check_WhenTheKeyHasExpired_Then401()
    {
        var (_, key) = await Create("match 4", "server", TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(1));

        await Eventually.True(
            async () => (await silo.Send(HttpMethod.Get, "/v1/assets", key)).Status == HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("""{"name":"x"}""")]
    [InlineData("""{"name":"x","role":"god"}""")]
    [InlineData("""{"name":"","role":"server"}""")]
    [InlineData("""{"name":"a\nb","role":"server"}""")]
    [InlineData("""{"name":"x","role":"server","expires_at":"2020-01-01T00:00:00Z"}""")]
    [InlineData("""{"name":"x","role":"server","expires_at":"soon"}""")]
    [InlineData("""{"name":"x","role":"server","expires_at":5}""")]
    public async Task Create_WhenMalformed_Then400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await silo.Send(HttpMethod.Post, "/v1/keys", silo.Bootstrap, body)).Status);

    private IKeyRingGrain Ring => silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);

    private async Task<(string Id, string Key)> Create(string name, string role, DateTime? expires = null)
    {
        var body = JsonSerializer.Serialize(new { name, role, expires_at = expires?.ToString("O", CultureInfo.InvariantCulture) });
        var answer = await silo.Send(HttpMethod.Post, "/v1/keys", silo.Bootstrap, body);
        Assert.Equal(HttpStatusCode.Created, answer.Status);
        using var json = JsonDocument.Parse(answer.Text);
        return (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("key").GetString()!);
    }
}
