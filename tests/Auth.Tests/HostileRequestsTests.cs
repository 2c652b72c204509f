using System.Net;

namespace Banking.Auth.Tests;

/// <summary>Ten thousand requests with tokens that nobody should take, over all routes and methods: none is done, none fails.</summary>
public sealed class HostileRequestsTests(AskingSilo silo) : IClassFixture<AskingSilo>
{
    private const int Requests = 10_000;
    private const int AtOnce = 8;

    private static readonly string[] Paths =
    [
        "/v1/accounts", "/v1/accounts/{0}", "/v1/accounts/{0}?full_name=Ann", "/v1/accounts/{0}/ledger", "/v1/accounts/{0}/deposits",
        "/v1/accounts/{0}/withdrawals", "/v1/accounts/{0}/purchases", "/v1/accounts/{0}/sales", "/v1/accounts/{0}/owners", "/v1/ledgers",
        "/v1/assets", "/v1/assets/stock_a", "/v1/lake/flush", "/v1/lake/compact", "/v1/repair?apply=true", "/v1/keys",
        "/v1/keys/0123456789ab", "/return_price", "/return_account_info/{0}", "/open_account", "/delete_account", "/deposit", "/withdraw",
        "/buy_asset", "/sell_asset", "/dashboard/", "/dashboard/version", "/v1/nothing",
    ];

    private static readonly string[] Bodies =
    [
        """{"amount":1}""", """{"account_id":"{0}","full_name":"Ann"}""", """{"asset_name":"stock_a","quantity":1}""",
        """{"user_id":"{0}","amount":1,"full_name":"Ann","asset_name":"stock_a","number_of":1}""",
        """{"issuer":"https://id.example","subject":"mallory"}""", """{"name":"mine","role":"operator"}""", "{", "",
    ];

    private static readonly HttpMethod[] Methods =
        [HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Head, HttpMethod.Options];

    [Theory]
    [InlineData(16)]
    public async Task Call_WhenTheTokenIsWrong_ThenNothingIsDoneAndNothingFails(int seed)
    {
        var owner = await silo.Provider.TokenOf("alice");
        string[] accounts = [await silo.Open(owner), await silo.Open(owner), "nobody", "a%2Fb"];
        await silo.Send(HttpMethod.Post, "/v1/lake/flush", silo.Bootstrap);
        var before = await Books();
        var mill = new TokenMill(silo.Provider, await silo.Provider.TokenOf("olga", "operator"));
        var random = new Random(seed);
        var requests = Enumerable.Range(0, Requests).Select(_ => Next(random, mill, accounts)).ToList();
        var statuses = new HttpStatusCode[Requests];

        await Parallel.ForAsync(
            0,
            Requests,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (i, _) => statuses[i] = (await silo.Send(requests[i])).Status);

        Assert.Equal([HttpStatusCode.Unauthorized], statuses.Distinct());
        Assert.Equal(before, await Books());
    }

    private static HttpRequestMessage Next(Random random, TokenMill mill, string[] accounts)
    {
        var account = accounts[random.Next(accounts.Length)];
        var request = new HttpRequestMessage(
            Methods[random.Next(Methods.Length)], Paths[random.Next(Paths.Length)].Replace("{0}", account, StringComparison.Ordinal));
        var token = random.Next(2) == 0 ? mill.Mutate(random) : mill.Make(TokenMill.Ways[random.Next(TokenMill.Ways.Count)]);
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        if (request.Method == HttpMethod.Post || request.Method == HttpMethod.Put)
        {
            var body = Bodies[random.Next(Bodies.Length)].Replace("{0}", account, StringComparison.Ordinal);
            request.Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        }

        return request;
    }

    private async Task<string> Books() => (await silo.Send(HttpMethod.Get, "/v1/ledgers", silo.Bootstrap)).Text
        + (await silo.Send(HttpMethod.Get, "/v1/keys", silo.Bootstrap)).Text;
}
