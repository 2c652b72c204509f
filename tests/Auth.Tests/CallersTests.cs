using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Banking.Auth.Tests;

/// <summary>Who is let in, and as whom.</summary>
public sealed class CallersTests(AskingSilo silo) : IClassFixture<AskingSilo>
{
    public static TheoryData<string> Ways => [.. TokenMill.Ways];

    [Fact]
    public void Routes_Always_SayWhoMayCallThem()
    {
        var routes = silo.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var open = routes.Where(route => route.Metadata.GetMetadata<IAllowAnonymous>() is not null);
        var silent = routes.Where(
            route => route.Metadata.GetMetadata<IAllowAnonymous>() is null
                && route.Metadata.GetOrderedMetadata<IAuthorizeData>().All(data => data.Policy is null));

        Assert.Empty(silent.Select(route => route.RoutePattern.RawText));
        Assert.Equal(
            ["/", "/health/live", "/health/ready", "/openapi/{documentName}.json"],
            open.Select(route => route.RoutePattern.RawText).Distinct().Order());
    }

    [Theory]
    [InlineData("GET", "/v1/assets")]
    [InlineData("GET", "/v1/accounts/alice")]
    [InlineData("POST", "/v1/accounts")]
    [InlineData("GET", "/v1/ledgers")]
    [InlineData("POST", "/v1/lake/flush")]
    [InlineData("GET", "/v1/keys")]
    [InlineData("GET", "/v1/nothing")]
    [InlineData("GET", "/nothing")]
    [InlineData("GET", "/dashboard/")]
    [InlineData("GET", "/return_price")]
    [InlineData("POST", "/deposit")]
    [InlineData("HEAD", "/v1/assets")]
    public async Task Call_WhenNobodyIsNamed_Then401(string method, string path)
    {
        var answer = await silo.Send(new HttpMethod(method), path, null);

        Assert.Equal(
            (HttpStatusCode.Unauthorized, "application/problem+json", "Bearer"), (answer.Status, answer.MediaType, answer.Challenge));
    }

    [Theory]
    [InlineData("player", "/v1/assets", 200)]
    [InlineData("analyst", "/v1/assets", 200)]
    [InlineData("player", "/v1/ledgers", 403)]
    [InlineData("server", "/v1/ledgers", 403)]
    [InlineData("analyst", "/v1/ledgers", 403)]
    [InlineData("operator", "/v1/ledgers", 200)]
    [InlineData("analyst", "/v1/lake/compact", 200)]
    [InlineData("server", "/v1/lake/compact", 403)]
    [InlineData("analyst", "/v1/accounts/alice", 403)]
    [InlineData("operator", "/v1/accounts/nobody", 404)]
    [InlineData("server", "/v1/keys", 403)]
    [InlineData("operator", "/v1/keys", 200)]
    [InlineData("player,operator", "/v1/keys", 200)]
    [InlineData("server", "/dashboard/", 403)]
    [InlineData("player", "/v1/nothing", 404)]
    public async Task Call_WhenTheCallerHasARole_ThenItDecides(string roles, string path, int status)
    {
        var answer = await silo.Send(HttpMethod.Get, path, await silo.Provider.TokenOf("somebody", roles));

        Assert.Equal(status, (int)answer.Status);
        if (status != 403) return;
        Assert.Equal(
            ("application/problem+json", "Bearer error=\"insufficient_scope\""), (answer.MediaType, answer.Challenge));
    }

    [Theory]
    [InlineData("/health/live", "Healthy")]
    [InlineData("/openapi/v1.json", "openapi")]
    [InlineData("/", "Welcome")]
    public async Task Call_WhenTheRouteIsForEverybody_ThenNobodyIsAsked(string path, string text)
    {
        var answer = await silo.Send(HttpMethod.Get, path, null);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(text, answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Call_WhenTheTokenIsWrong_Then401AndNothingToReplayInTheLog(string way)
    {
        var good = await silo.Provider.TokenOf("olga", "operator");
        var token = new TokenMill(silo.Provider, good).Make(way);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ledgers");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);

        var answer = await silo.Send(request);

        Assert.Equal((HttpStatusCode.Unauthorized, "application/problem+json"), (answer.Status, answer.MediaType));
        Assert.StartsWith("Bearer", answer.Challenge, StringComparison.Ordinal);
        if (token.Length > 40) Assert.All(silo.Log, line => Assert.DoesNotContain(token[^30..], line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Call_WhenTheTokenIsMadeAsTheProviderDoes_ThenItIsGood()
    {
        var mill = new TokenMill(silo.Provider, await silo.Provider.TokenOf("olga", "operator"));

        Assert.Equal(HttpStatusCode.OK, (await silo.Send(HttpMethod.Get, "/v1/ledgers", mill.Signed())).Status);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData(", ")]
    public async Task Call_WhenTheHeaderComesTwice_Then401(string between)
    {
        var good = "Bearer " + await silo.Provider.TokenOf("olga", "operator");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/ledgers");
        if (between == " ") request.Headers.TryAddWithoutValidation("Authorization", [good, good]);
        else request.Headers.TryAddWithoutValidation("Authorization", good + between + good);

        Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Send(request)).Status);
    }

    [Fact]
    public async Task Document_WhenCallersAreAsked_ThenSaysHowAndWithWhatTheyAreRefused()
    {
        var document = System.Text.Json.Nodes.JsonNode.Parse((await silo.Send(HttpMethod.Get, "/openapi/v1.json", null)).Text)!;

        Assert.Equal("bearer", (string?)document["components"]!["securitySchemes"]!["bearer"]!["scheme"]);
        Assert.NotNull(document["security"]![0]!["bearer"]);
        foreach (var operation in document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Select(at => at.Value!))
        {
            Assert.Contains("unauthenticated", operation["responses"]!["401"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("not_allowed", operation["responses"]!["403"]!.ToJsonString(), StringComparison.Ordinal);
            Assert.Contains("callers_unknown", operation["responses"]!["503"]!.ToJsonString(), StringComparison.Ordinal);
        }
    }
}
