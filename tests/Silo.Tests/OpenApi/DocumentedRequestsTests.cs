using System.Net;
using System.Text.Json.Nodes;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>What the document says of requests is what is read.</summary>
public sealed class DocumentedRequestsTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private static readonly string[] Values = ["null", "true", "5", "[]", "{}", "\"\\u00e9\""];

    [Fact]
    public async Task Body_OfEveryExample_ThenIsTaken()
    {
        var document = await ApiDocument.Load(silo.Http, Token);
        foreach (var (path, _, operation) in WithBodies(document))
        {
            var (status, text) = await silo.Post(ApiDocument.UrlOf(path, operation), ExampleOf(operation).ToJsonString());

            // An account that is open already, no cash and a market's price are not the body's fault.
            Assert.True((int)status is >= 200 and < 300 || status == HttpStatusCode.Conflict, $"{path}: {status} {text}");
        }
    }

    [Fact]
    public async Task Body_WithOneFieldChanged_ThenIsTakenIfItFitsTheSchema()
    {
        var document = await ApiDocument.Load(silo.Http, Token);
        var operations = WithBodies(document).ToList();
        await silo.Post("/v1/accounts", """{"account_id":"tpeters","full_name":"Tom Peters"}""");
        foreach (var (path, _, operation) in operations)
        {
            var schema = (JsonObject)operation["requestBody"]!["content"]!["application/json"]!["schema"]!;
            foreach (var body in ExampleOf(operation).Select(field => field.Key).SelectMany(field => Changed(ExampleOf(operation), field)))
            {
                var errors = document.ErrorsOf(schema, body);
                var (status, text) = await silo.Post(ApiDocument.UrlOf(path, operation), body.ToJsonString());

                Assert.True(
                    errors is null == (status != HttpStatusCode.BadRequest), $"{path} {body.ToJsonString()}: {errors} {status} {text}");
            }
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static IEnumerable<(string Path, HttpMethod Method, JsonObject Operation)> WithBodies(ApiDocument document) =>
        document.Operations.Where(o => o.Operation.ContainsKey("requestBody"));

    private static JsonObject ExampleOf(JsonObject operation) =>
        (JsonObject)operation["requestBody"]!["content"]!["application/json"]!["example"]!;

    private static IEnumerable<JsonObject> Changed(JsonObject example, string field)
    {
        var without = (JsonObject)example.DeepClone();
        without.Remove(field);
        yield return without;
        foreach (var value in Values)
        {
            var with = (JsonObject)example.DeepClone();
            with[field] = JsonNode.Parse(value);
            yield return with;
        }
    }
}
