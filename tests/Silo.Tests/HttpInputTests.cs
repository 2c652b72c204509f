using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Banking.Silo.Tests;

/// <summary>Inputs that other systems' users reported: what clients, proxies, editors and keyboards make of a request.</summary>
public sealed class HttpInputTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Theory]
    [InlineData("नमस्ते")]
    [InlineData("ก้อง")]
    [InlineData("வணக்கம்")]
    public async Task Open_WhenIdHasCombiningMarks_Works(string name)
    {
        var id = name + Guid.NewGuid().ToString("N");

        Assert.Equal(HttpStatusCode.Created, (await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"A"}""")).Status);

        Assert.Equal((HttpStatusCode.OK, "Amount deposited!\n"), await silo.Post("/deposit/", $$"""{"user_id":"{{id}}","amount":5}"""));
        Assert.Equal(5m, await Cash(id));
    }

    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("\u0301a")]
    public async Task Open_WhenIdCanNotBeNamed_Refuses400(string id)
    {
        var (status, text) = await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"A"}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("invalid_account_id", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Account_InEveryFormOfItsId_IsOne()
    {
        var end = Guid.NewGuid().ToString("N");
        var (composed, decomposed) = ("jos\u00e9-\ud55c" + end, "jose\u0301-\u1112\u1161\u11ab" + end);

        var opened = await silo.Post("/v1/accounts", $$"""{"account_id":"{{decomposed}}","full_name":"Jose\u0301"}""");
        var again = await silo.Post("/open_account", $$"""{"user_id":"{{composed}}","full_name":"Jos\u00e9"}""");
        await silo.Post($"/v1/accounts/{Uri.EscapeDataString(decomposed)}/deposits", """{"amount":1}""");
        await silo.Post("/deposit", $$"""{"user_id":"{{decomposed}}","amount":1}""");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Conflict), (opened.Status, again.Status));
        Assert.Equal(2m, await Cash(composed));
        Assert.Equal(
            HttpStatusCode.OK, (await silo.Http.GetAsync("/return_account_info/" + Uri.EscapeDataString(decomposed), Token)).StatusCode);
        using var deleted = await silo.Http.DeleteAsync($"/v1/accounts/{Uri.EscapeDataString(composed)}?full_name=Jos%C3%A9", Token);
        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
    }

    [Theory]
    [InlineData("/v1/accounts/{0}/deposits")]
    [InlineData("/deposit")]
    public async Task Change_WhenTheKeyIsSentTwice_Refuses400(string path)
    {
        var id = await silo.OpenAccount();

        var (status, text) = await Deposit(path, id, "a", "b");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("must be sent once", text, StringComparison.Ordinal);
        Assert.Equal(0m, await Cash(id));
    }

    [Theory]
    [InlineData("k-1", "\"k-1\"")]
    [InlineData("k\"\\", "\"k\\\"\\\\\"")]
    public async Task Change_WhenTheKeyIsQuoted_IsTheSameAsBare(string bare, string quoted)
    {
        var id = await silo.OpenAccount();

        var first = await Deposit("/v1/accounts/{0}/deposits", id, bare);
        var second = await Deposit("/v1/accounts/{0}/deposits", id, quoted);

        Assert.Equal((HttpStatusCode.OK, first.Text), (first.Status, second.Text));
        Assert.Equal(5m, await Cash(id));
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\"\"")]
    [InlineData("\"open")]
    [InlineData("\"a\", \"b\"")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"a\\")]
    [InlineData("\"two words\"")]
    public async Task Change_WhenTheQuotedKeyIsNone_Refuses400(string key)
    {
        var id = await silo.OpenAccount();

        Assert.Equal(HttpStatusCode.BadRequest, (await Deposit("/v1/accounts/{0}/deposits", id, key)).Status);
        Assert.Equal(0m, await Cash(id));
    }

    [Fact]
    public async Task Post_WhenTheBodyHasAByteOrderMark_Works()
    {
        var id = await silo.OpenAccount();

        var (v1, _) = await Send($"/v1/accounts/{id}/deposits", [0xEF, 0xBB, 0xBF, .. "{\"amount\":5}"u8], null);
        var old = Encoding.UTF8.GetBytes($$"""{"user_id":"{{id}}","amount":"5"}""");
        var (seed, _) = await Send("/deposit/", [0xEF, 0xBB, 0xBF, .. old], null);
        var (empty, _) = await Send("/deposit/", [0xEF, 0xBB, 0xBF], null);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (v1, seed, empty));
        Assert.Equal(10m, await Cash(id));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("identity")]
    public async Task Post_WhenTheBodyIsCompressed_DecodesIt(string encoding)
    {
        var id = await silo.OpenAccount();

        var (status, text) = await Send($"/v1/accounts/{id}/deposits", Encode("{\"amount\":5}"u8.ToArray(), encoding), encoding);

        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal(5m, await Cash(id));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Post_WhenTheBodyIsTooLargeDecoded_Answers413(string encoding)
    {
        var id = await silo.OpenAccount();
        var bomb = Encode(Encoding.UTF8.GetBytes("{\"amount\":5}" + new string(' ', 10_000_000)), encoding);

        var (status, text) = await Send($"/v1/accounts/{id}/deposits", bomb, encoding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("body_too_large", text, StringComparison.Ordinal);
        Assert.Equal(0m, await Cash(id));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task Post_WhenTheBodyIsNotWhatItsEncodingSays_Refuses400(string encoding)
    {
        var id = await silo.OpenAccount();
        var whole = Encode(Encoding.UTF8.GetBytes("{\"amount\":5,\"x\":\"" + Guid.NewGuid() + "\"}"), encoding);

        Assert.Equal(HttpStatusCode.BadRequest, (await Send($"/v1/accounts/{id}/deposits", "{\"amount\":5}"u8.ToArray(), encoding)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await Send($"/v1/accounts/{id}/deposits", whole[..(whole.Length / 2)], encoding)).Status);
        Assert.Equal(0m, await Cash(id));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task Post_WhenTheEncodingIsUnknown_Answers415AndSaysWhichAreTaken(string encoding)
    {
        var id = await silo.OpenAccount();
        using var request = Request($"/v1/accounts/{id}/deposits", "{\"amount\":5}"u8.ToArray(), encoding);

        using var reply = await silo.Http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, reply.StatusCode);
        Assert.Contains("gzip", reply.Headers.GetValues("Accept-Encoding").Single(), StringComparison.Ordinal);
        Assert.Contains("unsupported_media_type", await reply.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Money_WhenAskedForAsStrings_KeepsItsCents()
    {
        var id = await silo.OpenAccount(cash: 1_000_000_000_000m);
        await silo.Post($"/v1/accounts/{id}/deposits", """{"amount":"999999999999.99"}""");
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/accounts/{id}/ledger");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/json; money=string"));

        using var reply = await silo.Http.SendAsync(request, Token);

        using var ledger = JsonDocument.Parse(await reply.Content.ReadAsStringAsync(Token));
        Assert.Equal("1999999999999.99", ledger.RootElement.GetProperty("cash").GetString());
        Assert.Equal(JsonValueKind.Number, ledger.RootElement.GetProperty("sequence_number").ValueKind);
        using var plain = JsonDocument.Parse(await silo.Http.GetStringAsync($"/v1/accounts/{id}/ledger", Token));
        Assert.Equal(JsonValueKind.Number, plain.RootElement.GetProperty("cash").ValueKind);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static byte[] Encode(byte[] plain, string encoding)
    {
        using var encoded = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(encoded, CompressionLevel.Optimal),
            "deflate" => new ZLibStream(encoded, CompressionLevel.Optimal),
            _ => encoded,
        })
        {
            stream.Write(plain);
        }

        return encoded.ToArray();
    }

    private static HttpRequestMessage Request(string path, byte[] body, string? encoding)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        if (encoding is not null) request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return request;
    }

    private async Task<(HttpStatusCode Status, string Text)> Send(string path, byte[] body, string? encoding)
    {
        using var request = Request(path, body, encoding);
        using var reply = await silo.Http.SendAsync(request, Token);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync(Token));
    }

    private async Task<(HttpStatusCode Status, string Text)> Deposit(string path, string id, params string[] keys)
    {
        using var request = Request(string.Format(null, path, id), Encoding.UTF8.GetBytes($$"""{"user_id":"{{id}}","amount":5}"""), null);

        // Two lines, as two proxies would add them.
        foreach (var key in keys) request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        using var reply = await silo.Http.SendAsync(request, Token);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync(Token));
    }

    private async Task<decimal> Cash(string id)
    {
        using var ledger = JsonDocument.Parse(await silo.Http.GetStringAsync($"/v1/accounts/{Uri.EscapeDataString(id)}/ledger", Token));
        return ledger.RootElement.GetProperty("cash").GetDecimal();
    }
}
