using System.Net;
using System.Text;
using System.Text.Json;

namespace Banking.Silo.Tests;

/// <summary>Whatever a client sends: a sentence, a 4xx, and nothing changed.</summary>
public sealed class BadInputTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    public static TheoryData<string> BadAmounts =>
    [
        "-1", "0", "\"\"", "\"NaN\"", "\"Infinity\"", "1e400", "\"1e400\"", "123456789012345678901234567890", "1.001", "0.001", "1e-400",
        "\"1,5\"", "\" 5\"",
        "\"0x10\"", "true", "[1]", "{}", "null", "1000000000000.01", "0.1000000000000000000000000000000001", "\"five\"", "\"--5\"",
        "\"5-\"", "\"1e\"", "1.0000001",
    ];

    [Theory]
    [MemberData(nameof(BadAmounts))]
    public async Task Deposit_WhenAmountIsBad_Refuses400AndChangesNothing(string amount)
    {
        var id = await silo.OpenAccount(cash: 5);

        var seed = await silo.Post("/deposit/", $$"""{"user_id":"{{id}}","amount":{{amount}}}""");
        var v1 = await silo.Post($"/v1/accounts/{id}/deposits", $$"""{"amount":{{amount}}}""");

        Assert.Equal(HttpStatusCode.BadRequest, seed.Status);
        Assert.Equal(HttpStatusCode.BadRequest, v1.Status);
        using var problem = JsonDocument.Parse(v1.Text);
        Assert.NotEmpty(problem.RootElement.GetProperty("detail").GetString()!);
        Assert.NotEmpty(problem.RootElement.GetProperty("code").GetString()!);
        Assert.Equal(5m, await Cash(id));
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("\"ten\"")]
    [InlineData("99999999999999999999")]
    [InlineData("1e13")]
    public async Task Buy_WhenQuantityIsBad_Refuses400AndChangesNothing(string quantity)
    {
        var id = await silo.OpenAccount(cash: 50);

        var seed = await silo.Post("/buy_asset/", $$"""{"user_id":"{{id}}","number_of":{{quantity}},"asset_name":"bond_a"}""");
        var v1 = await silo.Post($"/v1/accounts/{id}/purchases", $$"""{"quantity":{{quantity}},"asset_name":"bond_a"}""");

        Assert.Equal(HttpStatusCode.BadRequest, seed.Status);
        Assert.Equal(HttpStatusCode.BadRequest, v1.Status);
        Assert.Equal(50m, await Cash(id));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("{}{}")]
    [InlineData("{\"user_id\":\"a\"}")]
    [InlineData("{\"user_id\":5,\"amount\":5}")]
    [InlineData("{\"user_id\":\"\\ud800\",\"amount\":5}")]
    [InlineData("{\"user_id\":\"a/b\",\"amount\":5}")]
    [InlineData("{\"user_id\":\"a\\u0000b\",\"amount\":5}")]
    [InlineData("{\"user_id\":\"\",\"amount\":5}")]
    public async Task Deposit_WhenBodyIsBad_Refuses400WithAMessage(string body)
    {
        var (status, text) = await silo.Post("/deposit/", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        using var json = JsonDocument.Parse(text);
        Assert.NotEmpty(json.RootElement.GetProperty("message").GetString()!);
    }

    [Fact]
    public async Task Deposit_WhenBodyIsNotUtf8_Refuses400()
    {
        using var content = new ByteArrayContent([.. "{\"user_id\":\""u8, 0xff, 0xfe, .. "\",\"amount\":5}"u8]);

        using var response = await silo.Http.PostAsync("/deposit/", content, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Post_WhenBodyIsNested1000Deep_Refuses400()
    {
        var (status, _) = await silo.Post("/deposit/", "{\"x\":" + new string('[', 1000) + new string(']', 1000) + "}");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("/deposit/")]
    [InlineData("/v1/accounts")]
    public async Task Post_WhenBodyIsTooLarge_Answers413(string path)
    {
        var body = "{\"user_id\":\"a\",\"amount\":5,\"x\":\"" + new string('x', 70_000) + "\"}";

        var (status, _) = await silo.Post(path, body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
    }

    [Fact]
    public async Task Post_WhenChunkedBodyIsTooLarge_Answers413()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/deposit/") { Content = new ByteArrayContent(new byte[70_000]) };
        request.Headers.TransferEncodingChunked = true;

        using var response = await silo.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Open_WithUnknownFields_IgnoresThem()
    {
        var id = "x" + Guid.NewGuid().ToString("N");

        var (status, _) = await silo.Post(
            "/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"A","cash":1000000,"nested":{"amount":5} }""");

        Assert.Equal(HttpStatusCode.Created, status);
        Assert.Equal(0m, await Cash(id));
    }

    [Fact]
    public async Task Open_WithAnotherRequestsField_IgnoresIt()
    {
        var id = "x" + Guid.NewGuid().ToString("N");

        var (status, _) = await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"A","amount":[],"quantity":true}""");

        Assert.Equal(HttpStatusCode.Created, status);
    }

    [Theory]
    [InlineData("ab cd")]
    [InlineData("a/b")]
    [InlineData("a%b")]
    [InlineData("a\\u0007")]
    [InlineData("a\\u202e")]
    public async Task Open_WhenIdIsBad_Refuses400(string id)
    {
        var (status, text) = await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"A"}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("invalid_account_id", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Łódź.1")]
    [InlineData("玩家一")]
    [InlineData("ann@example.org")]
    [InlineData("a+b_c-d")]
    public async Task Open_WhenIdIsOfAnyScript_Works(string name)
    {
        var id = name + Guid.NewGuid().ToString("N");

        var (status, _) = await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"Zoë 😀"}""");

        Assert.Equal(HttpStatusCode.Created, status);
        using var json = JsonDocument.Parse(
            await silo.Http.GetStringAsync("/v1/accounts/" + Uri.EscapeDataString(id), TestContext.Current.CancellationToken));
        Assert.Equal(id, json.RootElement.GetProperty("account_id").GetString());
        Assert.Equal("Zoë 😀", json.RootElement.GetProperty("full_name").GetString());
    }

    [Fact]
    public async Task Open_WhenNameIsTooLong_Refuses400()
    {
        var (status, _) = await silo.Post("/v1/accounts", $$"""{"account_id":"a1","full_name":"{{new string('n', 257)}}"}""");

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Theory]
    [InlineData("two words")]
    [InlineData("ключ")]
    public async Task Change_WhenKeyIsBad_Refuses400(string key)
    {
        var id = await silo.OpenAccount();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/v1/accounts/{id}/deposits")
        {
            Content = new StringContent("""{"amount":5}""", Encoding.UTF8, "application/json"),
        };
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = silo.Http.BaseAddress };
        request.Headers.TryAddWithoutValidation("Idempotency-Key", key);

        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(0m, await Cash(id));
    }

    private async Task<decimal> Cash(string id)
    {
        using var json = JsonDocument.Parse(
            await silo.Http.GetStringAsync($"/v1/accounts/{id}/ledger", TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("cash").GetDecimal();
    }
}
