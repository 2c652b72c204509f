using System.Net;
using System.Text.Json;

namespace Banking.Auth.Tests;

/// <summary>Whose account it is, over every route.</summary>
public sealed class AccountsOfOthersTests(AskingSilo silo) : IClassFixture<AskingSilo>
{
    private static readonly (HttpMethod Method, string Path, string? Body)[] Routes =
    [
        (HttpMethod.Get, "/v1/accounts/{0}", null),
        (HttpMethod.Get, "/v1/accounts/{0}/ledger", null),
        (HttpMethod.Delete, "/v1/accounts/{0}?full_name=Ann", null),
        (HttpMethod.Post, "/v1/accounts/{0}/deposits", """{"amount":1}"""),
        (HttpMethod.Post, "/v1/accounts/{0}/withdrawals", """{"amount":1}"""),
        (HttpMethod.Post, "/v1/accounts/{0}/purchases", """{"asset_name":"stock_a","quantity":1}"""),
        (HttpMethod.Post, "/v1/accounts/{0}/sales", """{"asset_name":"stock_a","quantity":1}"""),
        (HttpMethod.Get, "/return_account_info/{0}", null),
        (HttpMethod.Post, "/deposit", """{"user_id":"{0}","amount":1}"""),
        (HttpMethod.Post, "/withdraw", """{"user_id":"{0}","amount":1}"""),
        (HttpMethod.Post, "/buy_asset", """{"user_id":"{0}","asset_name":"stock_a","number_of":1}"""),
        (HttpMethod.Post, "/sell_asset", """{"user_id":"{0}","asset_name":"stock_a","number_of":1}"""),
        (HttpMethod.Post, "/delete_account", """{"user_id":"{0}","full_name":"Ann"}"""),
    ];

    [Fact]
    public async Task Call_WhenTheAccountIsAnothers_ThenItIsAnsweredAsAnUnknownOne()
    {
        var (alice, bob) = (await silo.Provider.TokenOf("alice"), await silo.Provider.TokenOf("bob", "player"));
        var id = await silo.Open(alice);
        await silo.Send(HttpMethod.Post, $"/v1/accounts/{id}/deposits", alice, """{"amount":1}""", key: "known");
        var before = await Books(id);

        foreach (var (method, path, body) in Routes)
        {
            var of = await Call(method, path, body, id, bob, "known");
            var none = await Call(method, path, body, "p" + Guid.NewGuid(), bob, "known");

            Assert.Equal(none, of);
            Assert.Equal(HttpStatusCode.NotFound, of.Status);
        }

        Assert.Equal(before, await Books(id));
    }

    [Fact]
    public async Task Call_WhenTheCallerIsTheOwnerOrAServer_ThenItIsDone()
    {
        foreach (var (subject, role) in new[] { ("alice", "player"), ("match", "server") })
        {
            var id = await silo.Open(await silo.Provider.TokenOf("alice"));
            var token = await silo.Provider.TokenOf(subject, role);
            foreach (var (method, path, body) in Routes.Where(route => route.Method != HttpMethod.Delete))
                Assert.Equal(HttpStatusCode.OK, (await Call(method, path, body, id, token)).Status);
        }
    }

    [Fact]
    public async Task Open_WhenTheIdIsAnothers_ThenItIsTaken()
    {
        var id = await silo.Open(await silo.Provider.TokenOf("alice"));

        var answer = await silo.Send(
            HttpMethod.Post, "/v1/accounts", await silo.Provider.TokenOf("bob"), $$"""{"account_id":"{{id}}","full_name":"Bob"}""");

        Assert.Equal(HttpStatusCode.Conflict, answer.Status);
        Assert.Contains("account_exists", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_WhenAnotherKnowsTheKey_ThenNothingIsTold()
    {
        var id = await silo.Open(await silo.Provider.TokenOf("alice"));
        var alice = await silo.Provider.TokenOf("alice");
        var (path, body) = ($"/v1/accounts/{id}/deposits", """{"amount":7}""");
        var first = await silo.Send(HttpMethod.Post, path, alice, body, key: "k");

        Assert.Equal(first, await silo.Send(HttpMethod.Post, path, alice, body, key: "k"));
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Send(
            HttpMethod.Post, path, await silo.Provider.TokenOf("bob"), body, key: "k")).Status);
    }

    [Fact]
    public async Task Operator_WhenTheAccountIsAPlayers_ThenReadsAndDoesNotAct()
    {
        var id = await silo.Open(await silo.Provider.TokenOf("alice"));
        var token = await silo.Provider.TokenOf("olga", "operator");

        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, $"/v1/accounts/{id}", token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Ledger(id)).Status);
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await silo.Send(HttpMethod.Post, $"/v1/accounts/{id}/deposits", token, """{"amount":1}""")).Status);
    }

    [Fact]
    public async Task Assign_WhenAnOperatorDoes_ThenTheAccountIsTheNewOwners()
    {
        var (alice, bob) = (await silo.Provider.TokenOf("alice"), await silo.Provider.TokenOf("bob"));
        var id = await silo.Open(alice);
        var body = JsonSerializer.Serialize(new { issuer = silo.Provider.Authority, subject = "bob" });
        var path = $"/v1/accounts/{id}/owners";

        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Send(HttpMethod.Post, path, bob, body)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await silo.Send(HttpMethod.Post, path, alice, body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Post, path, silo.Bootstrap, body)).Status);
        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, $"/v1/accounts/{id}", bob)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await silo.Send(HttpMethod.Get, $"/v1/accounts/{id}", alice)).Status);
    }

    private Task<Answer> Ledger(string id) => silo.Send(HttpMethod.Get, $"/v1/accounts/{id}/ledger", silo.Bootstrap);

    private async Task<string> Books(string id) => (await Ledger(id)).Text.Split(",\"unpublished\"")[0];

    private Task<Answer> Call(HttpMethod method, string path, string? body, string id, string token, string? key = null) => silo.Send(
        method,
        path.Replace("{0}", id, StringComparison.Ordinal),
        token,
        body?.Replace("{0}", id, StringComparison.Ordinal),
        key);
}
