using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Banking.Accounts;
using Banking.Markets;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Silo.Tests;

public sealed class ResourceApiTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Change_WhenRepeatedWithItsKey_ReturnsTheFirstResultAndSaysSo()
    {
        var id = await silo.OpenAccount();
        var key = Guid.CreateVersion7().ToString();

        using var first = await Send(id, "deposits", """{"amount":5}""", key);
        await silo.Post($"/v1/accounts/{id}/deposits", """{"amount":1}""");
        using var second = await Send(id, "deposits", """{"amount":"5.00"}""", key);

        Assert.Equal(await first.Content.ReadAsStringAsync(Token), await second.Content.ReadAsStringAsync(Token));
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
        Assert.Equal(6m, (await Ledger(id)).GetProperty("cash").GetDecimal());
    }

    [Fact]
    public async Task Reply_Always_WritesTimesWithThreeDigitsAndPricesOfTradesWithSix()
    {
        var id = await silo.OpenAccount();

        var deposit = (await silo.Post($"/v1/accounts/{id}/deposits", """{"amount":5000}""")).Text;
        var purchase = (await silo.Post($"/v1/accounts/{id}/purchases", """{"asset_name":"stock_a","quantity":1}""")).Text;
        var account = await silo.Http.GetStringAsync($"/v1/accounts/{id}", Token);
        var assets = await silo.Http.GetStringAsync("/v1/assets", Token);

        Assert.DoesNotContain("unit_price", deposit, StringComparison.Ordinal);
        Assert.Matches("\"unit_price\":[0-9]+\\.[0-9]{6}[,}]", purchase);
        Assert.All(
            new[] { deposit, purchase, account, assets },
            reply =>
            {
                var times = Regex.Matches(reply, "\"(occurred_at|as_of|changed_at)\":\"([^\"]*)\"");
                Assert.NotEmpty(times);
                Assert.All(times, time => Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", time.Groups[2].Value));
            });
    }

    [Fact]
    public async Task Document_Always_KnowsTimesAndThatAPriceIsOfTradesOnly()
    {
        using var document = JsonDocument.Parse(await silo.Http.GetStringAsync("/openapi/v1.json", Token));
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");

        Assert.Equal(
            "date-time",
            schemas.GetProperty("AssetReply").GetProperty("properties").GetProperty("as_of").GetProperty("format").GetString());
        Assert.DoesNotContain(
            "unit_price", schemas.GetProperty("ActionReply").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Change_WhenKeyComesWithAnotherBody_Answers422()
    {
        var id = await silo.OpenAccount();
        var key = Guid.CreateVersion7().ToString();
        using var first = await Send(id, "deposits", """{"amount":5}""", key);

        using var second = await Send(id, "deposits", """{"amount":6}""", key);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, second.StatusCode);
        Assert.Equal(5m, (await Ledger(id)).GetProperty("cash").GetDecimal());
    }

    [Fact]
    public async Task Change_WhenARefusalIsRepeated_IsRefusedAgain()
    {
        var id = await silo.OpenAccount(cash: 1);
        var key = Guid.CreateVersion7().ToString();
        using var first = await Send(id, "withdrawals", """{"amount":5}""", key);
        await silo.Post($"/v1/accounts/{id}/deposits", """{"amount":100}""");

        using var second = await Send(id, "withdrawals", """{"amount":5}""", key);

        Assert.Equal(HttpStatusCode.Conflict, first.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task Refusal_Always_IsProblemDetailsWithACode()
    {
        var id = await silo.OpenAccount(cash: 1);

        using var response = await Send(id, "withdrawals", """{"amount":5}""", "k1");

        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
        Assert.Equal("cash_short", json.RootElement.GetProperty("code").GetString());
        Assert.Equal(409, json.RootElement.GetProperty("status").GetInt32());
    }

    [Fact]
    public async Task ConcurrentDeposits_ToOneAccount_AllCount()
    {
        var id = await silo.OpenAccount();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(_ => silo.Post($"/v1/accounts/{id}/deposits", """{"amount":0.01}""")));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        var ledger = await Ledger(id);
        Assert.Equal(2.00m, ledger.GetProperty("cash").GetDecimal());
        Assert.Equal(201, ledger.GetProperty("sequence_number").GetInt64());
    }

    [Fact]
    public async Task DeleteAndReopen_Always_GoesOnWithTheSequence()
    {
        var id = await silo.OpenAccount(cash: 10);

        using var deleted = await silo.Http.DeleteAsync($"/v1/accounts/{id}?full_name=Ann%20Example", Token);
        var gone = await silo.Http.GetAsync($"/v1/accounts/{id}", Token);
        var reopened = await silo.Post("/v1/accounts", $$"""{"account_id":"{{id}}","full_name":"Bob"}""");

        Assert.Equal(HttpStatusCode.OK, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Equal(HttpStatusCode.Created, reopened.Status);
        var ledger = await Ledger(id);
        Assert.Equal(4, ledger.GetProperty("sequence_number").GetInt64());
        Assert.Equal(0m, ledger.GetProperty("cash").GetDecimal());
        Assert.Equal(10m, ledger.GetProperty("paid_out").GetDecimal());
    }

    [Fact]
    public async Task Purchase_AbovePriceLimit_IsRefused()
    {
        var id = await silo.OpenAccount(cash: 100);

        var (status, text) = await silo.Post(
            $"/v1/accounts/{id}/purchases", """{"asset_name":"stock_a","quantity":1,"limit_price":"1.5"}""");

        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Contains("price_beyond_limit", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledgers_WhenPaged_GiveEveryAccountOnce()
    {
        var mine = new HashSet<string>();
        for (var i = 0; i < 25; i++) mine.Add(await silo.OpenAccount());

        var seen = new List<string>();
        for (string? after = ""; after is not null;)
        {
            using var page = JsonDocument.Parse(
                await silo.Http.GetStringAsync(
                    $"/v1/ledgers?limit=7{(after == "" ? "" : "&after=" + Uri.EscapeDataString(after))}", Token));
            seen.AddRange(page.RootElement.GetProperty("ledgers").EnumerateArray().Select(l => l.GetProperty("account_id").GetString()!));
            after = page.RootElement.GetProperty("next").GetString();
        }

        Assert.Equal(seen.Distinct().Count(), seen.Count);
        Assert.Empty(mine.Except(seen));
    }

    [Fact]
    public async Task HaltedMarket_WithinAQuotesLifetime_TakesNoOrders()
    {
        var id = await silo.OpenAccount(cash: 100);
        var market = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IMarketGrain>("halting");
        await market.List(new AssetDefinition { Name = "halting", Type = "stock", BasePrice = 2, BaseDate = new DateOnly(2026, 1, 1) });
        await Eventually.True(async () => (await silo.Post($"/v1/accounts/{id}/purchases", """{"asset_name":"halting","quantity":1}""")).Status == HttpStatusCode.OK);

        await market.Halt();

        await Eventually.True(async () =>
            (await silo.Post($"/v1/accounts/{id}/purchases", """{"asset_name":"halting","quantity":1}""")).Text.Contains("market_halted", StringComparison.Ordinal));
        await market.Reopen();
        await Eventually.True(async () => (await silo.Post($"/v1/accounts/{id}/sales", """{"asset_name":"halting","quantity":1}""")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task OpenApiDocument_WhenAnActionHasACollection_ThenItIsPostedThereWithItsFields()
    {
        using var json = JsonDocument.Parse(await silo.Http.GetStringAsync("/openapi/v1.json", Token));
        foreach (var type in ActionTypes.All.Where(type => type.Collection is not null))
        {
            var path = json.RootElement.GetProperty("paths").GetProperty($"/v1/accounts/{{account_id}}/{type.Collection}");
            var post = path.GetProperty("post");
            var body = post.GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema");
            var name = body.GetProperty("$ref").GetString()!.Split('/')[^1];
            var schema = json.RootElement.GetProperty("components").GetProperty("schemas").GetProperty(name);
            Assert.Equal(
                type.Required.Select(ActionFieldNames.Of).Order(),
                schema.GetProperty("required").EnumerateArray().Select(field => field.GetString()).Order());
            Assert.Equal(
                type.Required.Concat(type.Optional).Select(ActionFieldNames.Of).Order(),
                schema.GetProperty("properties").EnumerateObject().Select(field => field.Name).Order());
        }
    }

    [Fact]
    public async Task OpenApiDocument_Always_DescribesEveryRoute()
    {
        using var json = JsonDocument.Parse(await silo.Http.GetStringAsync("/openapi/v1.json", Token));

        var paths = json.RootElement.GetProperty("paths").EnumerateObject().Select(p => p.Name).ToList();
        string[] expected =
        [
            "/v1/accounts", "/v1/accounts/{account_id}", "/v1/accounts/{account_id}/ledger", "/v1/accounts/{account_id}/deposits",
            "/v1/accounts/{account_id}/withdrawals",
            "/v1/accounts/{account_id}/purchases", "/v1/accounts/{account_id}/sales", "/v1/accounts/{account_id}/owners",
            "/v1/ledgers", "/v1/assets", "/v1/assets/{asset_name}", "/v1/lake/flush", "/v1/lake/compact", "/v1/repair",
        ];
        Assert.Equal(expected.Order(), paths.Order());
        var deposit = json.RootElement.GetProperty("paths").GetProperty("/v1/accounts/{account_id}/deposits").GetProperty("post");
        Assert.Contains(
            "Idempotency-Key", deposit.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString()));
        Assert.True(deposit.TryGetProperty("requestBody", out _));
        Assert.True(deposit.GetProperty("responses").TryGetProperty("409", out _));
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound, "not_found")]
    [InlineData("PUT", "/v1/assets", HttpStatusCode.MethodNotAllowed, "method_not_allowed")]
    public async Task Request_WhenThereIsNoSuchRoute_IsProblemDetails(string method, string path, HttpStatusCode status, string code)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await silo.Http.SendAsync(request, Token);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WhenDone_SaysWhereTheAccountIs()
    {
        var id = "loc" + Guid.NewGuid().ToString("N");
        using var content = new StringContent($$"""{"account_id":"{{id}}","full_name":"A"}""", Encoding.UTF8, "application/json");

        using var opened = await silo.Http.PostAsync("/v1/accounts", content, Token);
        using var refused = await silo.Http.PostAsync("/v1/accounts", content, Token);

        Assert.Equal($"/v1/accounts/{id}", opened.Headers.Location!.ToString());
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_WhenRunning_Is200(string path) =>
        Assert.Equal(HttpStatusCode.OK, (await silo.Http.GetAsync(path, Token)).StatusCode);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task<JsonElement> Ledger(string id)
    {
        using var json = JsonDocument.Parse(await silo.Http.GetStringAsync($"/v1/accounts/{id}/ledger", Token));
        return json.RootElement.Clone();
    }

    private async Task<HttpResponseMessage> Send(string id, string what, string body, string key)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"/v1/accounts/{id}/{what}")
        { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", key);
        return await silo.Http.SendAsync(request, Token);
    }
}
