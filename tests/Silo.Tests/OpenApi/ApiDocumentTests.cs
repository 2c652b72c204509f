using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Banking.Accounts;
using Banking.Markets;
using Banking.Silo.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>The document says what the API does: every reply is held against it, and everything that it declares is seen.</summary>
public sealed class ApiDocumentTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    /// <summary>
    /// What a healthy silo without a metastore can't be brought to answer, or answers everywhere: those of a scripted bank are seen for it.
    /// </summary>
    private static readonly string[] NotOfAHealthySilo =
    [
        "408 malformed", "500 internal_error", "503 outcome_unknown", "503 bank_closed", "503 account_set_aside", "503 unavailable",
        "503 not_flushed", "503 too_many_unpublished_events", "503 quote_expired", "409 action_too_old", "409 action_forgotten",
        "409 too_many_action_ids", "409 compaction_running", "403 cross_origin", "403 unknown_host", "403 not_allowed",
        "429 too_many_requests",
    ];

    private const string MoneyAsText = "application/json; money=string";

    private ApiDocument _document = null!;

    [Fact]
    public async Task Document_WhenEveryRouteIsPlayed_ThenSaysWhatTheyAnswer()
    {
        _document = await ApiDocument.Load(silo.Http, Token);
        await OpenAndDelete();
        await Pay();
        await Trade();
        await Assign();
        await Read();
        await Operate();

        var left = _document.NotSeen.ToList();
        var lacking = left.Where(declared => !NotOfAHealthySilo.Any(n => declared.EndsWith(n, StringComparison.Ordinal))).ToList();
        Assert.True(lacking.Count == 0, $"Declared, and never seen: {string.Join("; ", lacking)}");
        await using var bank = await ScriptedBank.StartAsync();
        await bank.Provoke(_document, left, Token);
        Assert.Empty(_document.NotSeen);
    }

    [Fact]
    public async Task Document_OfEveryRefusal_ThenHasIt()
    {
        var document = await ApiDocument.Load(silo.Http, Token);
        var declared = document.NotSeen.Select(d => d[(d.IndexOf(' ', StringComparison.Ordinal) + 1)..]).ToHashSet();

        Assert.All(
            Enum.GetValues<ActionCode>().Where(code => code != ActionCode.Done),
            code => Assert.Contains($"{Refusals.StatusOf(code)} {Refusals.NameOf(code)}", declared));
    }

    [Fact]
    public async Task Document_OfEveryExample_ThenFitsItsSchema()
    {
        var document = await ApiDocument.Load(silo.Http, Token);
        foreach (var (_, _, operation) in document.Operations)
        {
            var replies = ((JsonObject)operation["responses"]!).Select(r => r.Value!["content"]);
            var contents = replies.Append(operation["requestBody"]?["content"]).OfType<JsonObject>();
            foreach (var media in contents.SelectMany(content => content).Select(m => m.Value!))
            {
                IEnumerable<JsonNode?> examples = media["examples"] is JsonObject named
                    ? named.Select(e => document.ExampleOf(e.Value!)["value"])
                    : [media["example"]];
                Assert.All(examples, example =>
                {
                    Assert.NotNull(example);
                    Assert.Null(document.ErrorsOf((JsonObject)media["schema"]!, example));
                });
            }

            Assert.All(
                (operation["parameters"] as JsonArray ?? []).Where(p => p!["example"] is not null),
                p => Assert.Null(document.ErrorsOf((JsonObject)p!["schema"]!, p["example"])));
        }
    }

    [Fact]
    public async Task Document_OfEveryOperation_ThenHasAnIdOfItsOwn()
    {
        var document = await ApiDocument.Load(silo.Http, Token);

        var ids = document.Operations.Select(o => (string?)o.Operation["operationId"]).ToList();

        Assert.All(ids, Assert.NotNull);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task Document_OfEveryProblem_ThenHasItsCodesInTheSchemaAndAnExampleOfEach()
    {
        var document = await ApiDocument.Load(silo.Http, Token);
        var problems = document.Operations.SelectMany(o => (JsonObject)o.Operation["responses"]!)
            .Select(response => response.Value!["content"]!["application/problem+json"])
            .OfType<JsonObject>()
            .ToList();

        Assert.NotEmpty(problems);
        Assert.All(
            problems,
            problem => Assert.Equal(((JsonObject)problem["examples"]!).Select(e => e.Key).Order(), ApiDocument.CodesOf(problem).Order()));
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private async Task OpenAndDelete()
    {
        var id = New();
        await Send(HttpMethod.Post, "/v1/accounts", 201, Opening(id), key: "o1");
        await Send(HttpMethod.Post, "/v1/accounts", 201, Opening(id), key: "o1");
        await Send(HttpMethod.Post, "/v1/accounts", 422, Opening(id, "Bob"), key: "o1");
        await Send(HttpMethod.Post, "/v1/accounts", 409, Opening(id));
        await Send(HttpMethod.Post, "/v1/accounts", 400, Opening("a/b"));
        await Send(HttpMethod.Post, "/v1/accounts", 400, Opening(id, " "));
        await Refusals_OfBodies("/v1/accounts", Opening(id));
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}", 400);
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=%20", 400);
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=Ann", 400, key: "two words");
        await Send(HttpMethod.Delete, "/v1/accounts/a%20b?full_name=Ann", 400);
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=Bob", 409);
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=Ann", 200, key: "d1");
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=Bob", 422, key: "d1");
        await Send(HttpMethod.Delete, $"/v1/accounts/{id}?full_name=Ann", 404);
        await Send(HttpMethod.Delete, $"/v1/accounts/{New()}?full_name=Ann", 404);
    }

    private async Task Pay()
    {
        var id = await silo.OpenAccount();
        var (deposits, withdrawals) = ($"/v1/accounts/{id}/deposits", $"/v1/accounts/{id}/withdrawals");
        await Send(HttpMethod.Post, withdrawals, 409, Amount("1"), key: "w0");
        await Send(HttpMethod.Post, withdrawals, 409, Amount("1"), key: "w0");
        await Send(HttpMethod.Post, deposits, 200, Amount("12.5"), key: "k1");
        await Send(HttpMethod.Post, deposits, 200, Amount("\"12.50\""), key: "k1");
        await Send(HttpMethod.Post, deposits, 200, Amount("1"), accept: "application/json;money=string");
        await Send(HttpMethod.Post, withdrawals, 409, Amount("999"));
        await Send(HttpMethod.Post, withdrawals, 200, Amount("0.01"));
        foreach (var path in new[] { deposits, withdrawals })
        {
            await Refusals_OfChanges(path, Amount("1"), Amount("2"));
            await Send(HttpMethod.Post, path, 400, Amount("-1"));
            await Send(HttpMethod.Post, path, 400, Amount("1000000000001"));
        }
    }

    private async Task Trade()
    {
        var id = await silo.OpenAccount(cash: 1_000_100);
        var (purchases, sales) = ($"/v1/accounts/{id}/purchases", $"/v1/accounts/{id}/sales");
        var penny = await List(new() { Name = "penny", Type = "stock", BasePrice = 0.000001m, BaseDate = Day });
        await List(new() { Name = "few", Type = "stock", BasePrice = 1, BaseDate = Day, MaxOrderQuantity = 1 });
        var halted = await List(new() { Name = "halted", Type = "stock", BasePrice = 1, BaseDate = Day });
        await halted.Halt();
        await Eventually.True(
            async () => (await silo.Post(sales, Order("halted", 1))).Text.Contains("market_halted", StringComparison.Ordinal));
        await Send(HttpMethod.Post, purchases, 200, Order("stock_a", 2));
        await Send(HttpMethod.Post, sales, 200, Order("stock_a", 1, "0.01"));
        await Send(HttpMethod.Post, purchases, 409, Order("stock_a", 1, "0.01"));
        await Send(HttpMethod.Post, sales, 409, Order("stock_a", 1, "9999"));
        await Send(HttpMethod.Post, purchases, 409, Order("stock_a", 1_000_000));
        await Send(HttpMethod.Post, sales, 409, Order("stock_a", 1_000_000));
        foreach (var path in new[] { purchases, sales })
        {
            await Refusals_OfChanges(path, Order("stock_a", 1), Order("stock_a", 2));
            await Send(HttpMethod.Post, path, 400, Order("stock_a", 0));
            await Send(HttpMethod.Post, path, 400, Order("stock_a", 1_000_000_000_001));
            await Send(HttpMethod.Post, path, 400, Order("stock_a", 1, "0.0000001"));
            await Send(HttpMethod.Post, path, 404, Order("nope", 1));
            await Send(HttpMethod.Post, path, 409, Order("cash", 1));
            await Send(HttpMethod.Post, path, 409, Order("few", 2));
            await Send(HttpMethod.Post, path, 409, Order("halted", 1));
        }

        // As many as an account may hold, and then worth more than it may hold.
        await Send(HttpMethod.Post, purchases, 200, Order("penny", 1_000_000_000_000));
        await Send(HttpMethod.Post, purchases, 409, Order("penny", 1));
        await penny.List(new() { Name = "penny", Type = "stock", BasePrice = 10_000, BaseDate = Day });
        await Eventually.True(
            async () => (await silo.Post(purchases, Order("penny", 1_000_000))).Text.Contains("cash_short", StringComparison.Ordinal));
        await Send(HttpMethod.Post, sales, 409, Order("penny", 1_000_000_000_000));
        await Send(HttpMethod.Post, sales, 200, Order("penny", 999_999_000_000));
        await Send(HttpMethod.Post, $"/v1/accounts/{id}/deposits", 409, Amount("1000000000000"));
        await Send(HttpMethod.Get, $"/v1/accounts/{id}", 200);
    }

    private async Task Assign()
    {
        var id = await silo.OpenAccount();
        var path = $"/v1/accounts/{id}/owners";
        await Send(HttpMethod.Post, path, 200, Owner("alice"), key: "a1");
        await Send(HttpMethod.Post, path, 200, Owner("alice"), key: "a1");
        await Send(HttpMethod.Post, path, 422, Owner("bob"), key: "a1");
        await Send(HttpMethod.Post, path, 400, Owner(" "), key: "a2");
        await Send(HttpMethod.Post, "/v1/accounts/a%20b/owners", 400, Owner("bob"));
        await Send(HttpMethod.Post, $"/v1/accounts/{New()}/owners", 404, Owner("bob"));
        await Refusals_OfBodies(path, Owner("bob"));
    }

    private async Task Read()
    {
        var id = await silo.OpenAccount(cash: 100);
        await silo.Post($"/v1/accounts/{id}/purchases", Order("stock_a", 2));
        string[] there =
        [
            $"/v1/accounts/{id}", $"/v1/accounts/{id}/ledger", "/v1/ledgers?limit=1", "/v1/ledgers", "/v1/assets", "/v1/assets/stock_a",
        ];
        string[] nowhere = [$"/v1/accounts/{New()}", "/v1/accounts/a%20b", $"/v1/accounts/{New()}/ledger", "/v1/assets/nope"];
        foreach (var accept in new[] { null, MoneyAsText })
        {
            foreach (var path in there) await Send(HttpMethod.Get, path, 200, accept: accept);
        }

        await Send(HttpMethod.Get, "/v1/ledgers?limit=0", 400);
        foreach (var path in nowhere) await Send(HttpMethod.Get, path, 404);
    }

    private async Task Operate()
    {
        await Send(HttpMethod.Post, "/v1/lake/flush", 200);
        await Send(HttpMethod.Post, "/v1/lake/flush", 200, accept: MoneyAsText);
        await Send(HttpMethod.Post, "/v1/repair", 200);
        await Send(HttpMethod.Post, "/v1/repair", 200, accept: MoneyAsText);
        await Send(HttpMethod.Post, "/v1/repair?apply=true", 200);
        await Send(HttpMethod.Post, "/v1/lake/compact?table=nope", 400);
        await Send(HttpMethod.Post, "/v1/lake/compact", 202);
        await Send(HttpMethod.Get, "/v1/lake/compact", 200);
        await Send(HttpMethod.Get, "/v1/lake/compact", 200, accept: MoneyAsText);
    }

    /// <summary>What any action of an account refuses.</summary>
    private async Task Refusals_OfChanges(string path, string body, string other)
    {
        await Refusals_OfBodies(path, body);
        var key = New();
        await Send(HttpMethod.Post, path, null, body, key: key);
        await Send(HttpMethod.Post, path, 422, other, key: key);
        await Send(HttpMethod.Post, "/v1/accounts/a%20b/" + path.Split('/')[^1], 400, body);
        await Send(HttpMethod.Post, $"/v1/accounts/{New()}/{path.Split('/')[^1]}", 404, body);
        var gone = await silo.OpenAccount();
        await silo.Http.DeleteAsync($"/v1/accounts/{gone}?full_name=Ann%20Example", Token);
        await Send(HttpMethod.Post, $"/v1/accounts/{gone}/{path.Split('/')[^1]}", 404, body);
    }

    private async Task Refusals_OfBodies(string path, string body)
    {
        await Send(HttpMethod.Post, path, 400, "{");
        await Send(HttpMethod.Post, path, 400, "{}");
        await Send(HttpMethod.Post, path, 400, body, key: "two words");
        await Send(HttpMethod.Post, path, 413, body + new string(' ', 70_000));
        await Send(HttpMethod.Post, path, 415, body, mediaType: "text/plain");
        await Send(HttpMethod.Post, path, 415, body, encoding: "zstd");
    }

    private async Task Send(
        HttpMethod method,
        string path,
        int? status,
        string? body = null,
        string? key = null,
        string? accept = null,
        string mediaType = "application/json",
        string? encoding = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        if (encoding is not null) request.Content!.Headers.ContentEncoding.Add(encoding);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var reply = await silo.Http.SendAsync(request, Token);
        var text = await reply.Content.ReadAsStringAsync(Token);
        Assert.True(status is null || (int)reply.StatusCode == status, $"{method} {path} {body}: {reply.StatusCode} {text}");
        if (accept is not null) Assert.Equal(MoneyAsText, reply.Content.Headers.ContentType!.ToString());
        await _document.Check(reply, Token);
    }

    private async Task<IMarketGrain> List(AssetDefinition asset)
    {
        var market = silo.Services.GetRequiredService<IGrainFactory>().GetGrain<IMarketGrain>(asset.Name);
        await market.List(asset);
        await Eventually.True(async () => (await silo.Http.GetAsync("/v1/assets/" + asset.Name, Token)).IsSuccessStatusCode);
        return market;
    }

    private static DateOnly Day => new(2026, 1, 1);

    private static string New() => "p" + Guid.NewGuid().ToString("N");
    private static string Opening(string id, string name = "Ann") => $$"""{"account_id":"{{id}}","full_name":"{{name}}"}""";
    private static string Amount(string amount) => $$"""{"amount":{{amount}}}""";
    private static string Owner(string subject) => $$"""{"issuer":"https://id.example","subject":"{{subject}}"}""";

    private static string Order(string asset, long quantity, string limit = "null") =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"asset_name":"{{asset}}","quantity":{{quantity}},"limit_price":{{limit}}}""");
}
