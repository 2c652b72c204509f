using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Banking.Silo.Tests;

/// <summary>What the old pipeline's clients and load scripts send, and what they are to get.</summary>
public sealed class LegacyRoutesTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task EveryRoute_WithAndWithoutTrailingSlash_Answers(string slash)
    {
        var id = "seed" + Guid.NewGuid().ToString("N");
        await Expect(
            "/open_account" + slash, $$"""{"user_id":"{{id}}","full_name":"Tom Peters"}""", HttpStatusCode.OK, "Account Opened!\n");
        await Expect("/deposit" + slash, $$"""{"user_id":"{{id}}","amount":"200"}""", HttpStatusCode.OK, "Amount deposited!\n");
        await Expect("/deposit" + slash, $$"""{"user_id":"{{id}}","amount":12.5}""", HttpStatusCode.OK, "Amount deposited!\n");
        await Expect("/withdraw" + slash, $$"""{"user_id":"{{id}}","amount":"0.01"}""", HttpStatusCode.OK, "Amount withdrawn!\n");
        await Expect("/buy_asset" + slash, $$"""{"user_id":"{{id}}","number_of":"10","asset_name":"stock_a"}""", HttpStatusCode.OK, "Asset purchased!\n");
        await Expect(
            "/sell_asset" + slash, $$"""{"user_id":"{{id}}","number_of":4,"asset_name":"stock_a"}""", HttpStatusCode.OK, "Asset sold!\n");
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync("/return_price" + slash, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync("/return_asset_price/bond_a" + slash, Token)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync($"/return_account_info/{id}" + slash, Token)).StatusCode);
        await Expect(
            "/delete_account" + slash, $$"""{"user_id":"{{id}}","full_name":"Tom Peters"}""", HttpStatusCode.OK, "Account Deleted!\n");
    }

    [Fact]
    public async Task ReturnPrice_Always_ListsTheThreeAssets()
    {
        using var json = JsonDocument.Parse(await silo.Http.GetStringAsync("/return_price", Token));

        var assets = json.RootElement.EnumerateArray().ToDictionary(a => a.GetProperty("asset_name").GetString()!);
        Assert.Equal(["stock_a", "bond_a", "cash"], assets.Keys);
        Assert.Equal("stock", assets["stock_a"].GetProperty("asset_type").GetString());
        Assert.Equal("1.000000", assets["cash"].GetProperty("price").GetRawText());
        Assert.True(assets["stock_a"].GetProperty("price").GetDecimal() > 9);
        Assert.True(assets["stock_a"].TryGetProperty("as_of", out _));
    }

    [Fact]
    public async Task ReturnAccountInfo_AfterATrade_HasCashAndAssetAmongTheTransactions()
    {
        var id = await silo.OpenAccount(cash: 100);
        await silo.Post("/buy_asset/", $$"""{"user_id":"{{id}}","number_of":"2","asset_name":"bond_a"}""");

        using var json = JsonDocument.Parse(await silo.Http.GetStringAsync($"/return_account_info/{id}", Token));

        var root = json.RootElement;
        Assert.Equal(id, root.GetProperty("user_id").GetString());
        Assert.Equal("Ann Example", root.GetProperty("full_name").GetString());
        Assert.Equal("100.00", root.GetProperty("original_value").GetRawText());
        var transactions = root.GetProperty("transactions").EnumerateArray().ToList();
        Assert.Equal(["cash", "bond_a"], transactions.Select(t => t.GetProperty("asset_name").GetString()));
        Assert.Equal(2, transactions[1].GetProperty("number_of").GetInt64());
        Assert.Equal(root.GetProperty("total_value").GetDecimal(), transactions.Sum(t => t.GetProperty("current_value").GetDecimal()));
    }

    [Fact]
    public async Task Refusals_Always_KeepTheOldSentenceAndGetAProperStatus()
    {
        var id = await silo.OpenAccount();
        var nobody = "nobody" + Guid.NewGuid().ToString("N");
        await Expect("/open_account/", $$"""{"user_id":"{{id}}","full_name":"X"}""", HttpStatusCode.Conflict, "Account already exists! Pick a unique username.\n");
        await Expect("/withdraw/", $$"""{"user_id":"{{id}}","amount":1}""", HttpStatusCode.Conflict, "There is no cash to withdraw.\n");
        await silo.Post("/deposit/", $$"""{"user_id":"{{id}}","amount":1}""");
        await Expect(
            "/withdraw/", $$"""{"user_id":"{{id}}","amount":1.01}""", HttpStatusCode.Conflict, "Overdraft! Too much money withdrawn. The transaction will be cancelled.\n");
        await Expect(
            "/buy_asset/", $$"""{"user_id":"{{id}}","number_of":9,"asset_name":"stock_a"}""", HttpStatusCode.Conflict, "Not enough money to purchase asset!\n");
        await Expect("/sell_asset/", $$"""{"user_id":"{{id}}","number_of":9,"asset_name":"stock_a"}""", HttpStatusCode.Conflict, "You don't own enough of the asset!\n");
        await Expect("/buy_asset/", $$"""{"user_id":"{{id}}","number_of":1,"asset_name":"nope"}""", HttpStatusCode.NotFound, "Asset doesn't exist!\n");
        await Expect("/deposit/", $$"""{"user_id":"{{nobody}}","amount":1}""", HttpStatusCode.NotFound, "Account doesn't exist!\n");
        await Expect(
            "/delete_account/", $$"""{"user_id":"{{id}}","full_name":"Not Ann"}""", HttpStatusCode.Conflict, "Provided information does not match records!\n");
        await Expect(
            "/delete_account/",
            $$"""{"user_id":"{{nobody}}","full_name":"X"}""",
            HttpStatusCode.NotFound,
            """{"message":"Must provide existing user_name and user_id."}""");
        var unknown = await silo.Http.GetAsync("/return_account_info/" + nobody, Token);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal("""{"message":"User ID not found"}""", await unknown.Content.ReadAsStringAsync(Token));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Http.GetAsync("/return_asset_price/nope", Token)).StatusCode);
    }

    [Fact]
    public async Task Withdraw_TheExactBalance_Succeeds()
    {
        var id = await silo.OpenAccount(cash: 12.34m);

        await Expect("/withdraw/", $$"""{"user_id":"{{id}}","amount":"12.34"}""", HttpStatusCode.OK, "Amount withdrawn!\n");
    }

    [Fact]
    public async Task Cash_CanNotBeBought()
    {
        var id = await silo.OpenAccount(cash: 10);

        var (status, _) = await silo.Post("/buy_asset/", $$"""{"user_id":"{{id}}","number_of":1,"asset_name":"cash"}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
    }

    [Fact]
    public async Task Deposit_AsApacheBenchSendsIt_Works()
    {
        var id = await silo.OpenAccount();
        var body = $$"""{"user_id":"{{id}}","amount":"200"}""";
        var request =
            $"POST /deposit/ HTTP/1.0\r\nContent-length: {body.Length}\r\nContent-type: application/json\r\nHost: user1.comcast.com\r\n"
            + $"User-Agent: ApacheBench/2.3\r\nAccept: */*\r\n\r\n{body}";

        var answer = await SendRaw(request);

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nAmount deposited!\n", answer, StringComparison.Ordinal);
        Assert.Contains("Content-Length: 18\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReturnPrice_AsHttp10WithoutHost_Works()
    {
        var answer = await SendRaw("GET /return_price HTTP/1.0\r\nAccept: */*\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<string> SendRaw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(silo.Http.BaseAddress!.Host, silo.Http.BaseAddress.Port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Token);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }

    private async Task Expect(string path, string body, HttpStatusCode status, string text) =>
        Assert.Equal((status, text), await silo.Post(path, body));
}
