using System.Net.Http.Headers;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>The check of replies sees what is not declared.</summary>
public sealed class ApiDocumentCheckTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Json = "application/json";
    private const string Problem = "application/problem+json";
    private const string Asset =
        """{"asset_name":"a","asset_type":"stock","price":1.5,"as_of":"2026-01-01T00:00:00Z","halted":false,"tradable":true}""";
    private const string Unknown =
        """{"type":"urn:banking:problem:asset_unknown","title":"Not Found","status":404,"detail":"No.","code":"asset_unknown"}""";

    [Theory]
    [InlineData(200, Json, Asset, "Date", true)]
    [InlineData(404, Problem, Unknown, "Date", true)]
    [InlineData(201, Json, Asset, "Date", false)]
    [InlineData(200, "text/plain", Asset, "Date", false)]
    [InlineData(200, "application/json; money=string", Asset, "Date", false)]
    [InlineData(200, Json, Asset, "Idempotency-Replayed", false)]
    [InlineData(200, Json, """{"asset_name":"a"}""", "Date", false)]
    public async Task Check_OfAReply_ThenPassesWhatIsDeclaredOnly(int status, string mediaType, string body, string header, bool passes)
    {
        var document = await ApiDocument.Load(silo.Http, TestContext.Current.CancellationToken);

        void Check() => document.Check(HttpMethod.Get, "/v1/assets/a", status, MediaTypeHeaderValue.Parse(mediaType), [header], body);

        Assert.Equal(passes, Record.Exception(Check) is null);
    }

    [Theory]
    [InlineData("\"as_of\":\"2026-01-01T00:00:00Z\"", "\"as_of\":\"yesterday\"")]
    [InlineData("asset_name", "assetName")]
    [InlineData("\"price\":1.5", "\"price\":\"1.5\"")]
    [InlineData("\"halted\":false", "\"halted\":false,\"more\":1")]
    public async Task Check_OfAnotherBody_ThenFails(string declared, string other)
    {
        var document = await ApiDocument.Load(silo.Http, TestContext.Current.CancellationToken);
        var body = Asset.Replace(declared, other, StringComparison.Ordinal);

        void Check() => document.Check(HttpMethod.Get, "/v1/assets/a", 200, MediaTypeHeaderValue.Parse(Json), [], body);

        Assert.NotNull(Record.Exception(Check));
    }

    [Fact]
    public async Task Check_OfACodeOfAnotherOperation_ThenFails()
    {
        var document = await ApiDocument.Load(silo.Http, TestContext.Current.CancellationToken);
        var body = Unknown.Replace("asset_unknown", "account_unknown", StringComparison.Ordinal);

        void Check() => document.Check(HttpMethod.Get, "/v1/assets/a", 404, MediaTypeHeaderValue.Parse(Problem), [], body);

        Assert.NotNull(Record.Exception(Check));
    }
}
