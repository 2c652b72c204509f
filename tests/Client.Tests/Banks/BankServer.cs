using System.Text.Json;
using System.Text.Json.Nodes;
using Banking.Accounts;
using Banking.Client.Banks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Banking.Client.Tests.Banks;

/// <summary>A <see cref="SmallBank"/> behind the routes of the real HTTP API, on a free port.</summary>
internal sealed class BankServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private BankServer(WebApplication app, SmallBank bank) => (_app, Bank) = (app, bank);

    public SmallBank Bank { get; }

    public Uri Url => new(_app.Urls.Single());

    /// <summary>Asked before each change is carried out; true to break the connection instead, after carrying it out.</summary>
    public Func<bool> LoseAnswer { get; set; } = () => false;

    /// <summary>Asked before each change; true to answer 503 instead.</summary>
    public Func<bool> BeBusy { get; set; } = () => false;

    /// <summary>Asked for each request; what answers it instead of the bank, or null.</summary>
    public Func<HttpContext, RequestDelegate?> Instead { get; set; } = _ => null;

    /// <summary>Called by <c>POST /v1/lake/flush</c>.</summary>
    public Action Flush { get; set; } = () => { };

    /// <summary>What <c>/v1/lake/compact</c> answers, to POST as to GET.</summary>
    public Func<HttpContext, IResult> Compact { get; set; } = _ => Results.StatusCode(404);

    public static async Task<BankServer> StartAsync(SmallBank? bank = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new BankServer(builder.Build(), bank ?? new SmallBank());
        server.Map();
        await server._app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private void Map()
    {
        // As behind a proxy: with a path before the bank's own, or without.
        _app.UsePathBase("/bank");
        _app.UseRouting();
        _app.Use((http, next) => (Instead(http) ?? next)(http));
        _app.MapPost(
            "/v1/accounts",
            (HttpContext http) => ChangeAsync(http, null, (body, id) => new OpenAccount(Text(body, "full_name")) { ActionId = id }));
        _app.MapDelete("/v1/accounts/{id}", (HttpContext http, string id) =>
            ChangeAsync(http, id, (_, key) => new DeleteAccount(http.Request.Query["full_name"].ToString()) { ActionId = key }));
        _app.MapPost("/v1/accounts/{id}/deposits", (HttpContext http, string id) =>
            ChangeAsync(http, id, (body, key) => new Deposit(body["amount"]!.GetValue<decimal>()) { ActionId = key }));
        _app.MapPost("/v1/accounts/{id}/withdrawals", (HttpContext http, string id) =>
            ChangeAsync(http, id, (body, key) => new Withdraw(body["amount"]!.GetValue<decimal>()) { ActionId = key }));
        _app.MapPost("/v1/accounts/{id}/purchases", (HttpContext http, string id) =>
            ChangeAsync(
                http, id,
                (body, key) => new BuyAsset(
                    Text(body, "asset_name"), body["quantity"]!.GetValue<long>(),
                    body["limit_price"]?.GetValue<decimal>())
                { ActionId = key }));
        _app.MapPost("/v1/accounts/{id}/sales", (HttpContext http, string id) =>
            ChangeAsync(
                http, id,
                (body, key) => new SellAsset(
                    Text(body, "asset_name"), body["quantity"]!.GetValue<long>(),
                    body["limit_price"]?.GetValue<decimal>())
                { ActionId = key }));
        _app.MapGet("/v1/accounts/{id}", (string id) => BankReplies.Statement(Bank, id));
        _app.MapGet(
            "/v1/assets",
            () => Results.Text(JsonSerializer.Serialize(Bank.Prices.ToArray(), BankJson.Default.AssetPriceArray), "application/json"));
        _app.MapGet("/v1/ledgers", (string? after, int? limit) => BankReplies.Ledgers(Bank, after, limit ?? 1_000));
        _app.MapMethods("/v1/lake/compact", ["GET", "POST"], (HttpContext http) => Compact(http));
        _app.MapPost("/v1/lake/flush", () =>
        {
            Flush();
            return Results.Text("""{"partitions":[]}""", "application/json");
        });
    }

    private async Task ChangeAsync(HttpContext http, string? accountId, Func<JsonNode, string, AccountAction> read)
    {
        if (BeBusy())
        {
            http.Response.StatusCode = 503;
            return;
        }

        var body = http.Request.ContentLength > 0 ? (await JsonNode.ParseAsync(http.Request.Body))! : new JsonObject();
        var lost = LoseAnswer();
        var answer = Bank.Perform(accountId ?? Text(body, "account_id"), read(body, http.Request.Headers["Idempotency-Key"].ToString()));
        if (lost) http.Abort();
        else await BankReplies.WriteAsync(http, answer);
    }

    private static string Text(JsonNode body, string name) => body[name]!.GetValue<string>();
}
