using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Banking.Accounts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>The OpenAPI document of the resource API.</summary>
internal static class OpenApi
{
    private const string Json = "application/json";

    /// <param name="asksCallers">Whether callers are asked who they are.</param>
    public static IServiceCollection AddBankingOpenApi(
        this IServiceCollection services, bool asksCallers) => services.AddOpenApi("v1", options =>
    {
        if (asksCallers) CallerDescriptions.AddTo(options);
        options.CreateSchemaReferenceId = Schemas.NameOf;
        options.AddSchemaTransformer(Schemas.CompleteAsync);
        options.AddOperationTransformer((operation, context, _) => DescribeOperationAsync(operation, context, asksCallers));
        options.AddDocumentTransformer(DescribeDocumentAsync);
    });

    private static Task DescribeDocumentAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Banking.Orleans",
            Version = "1",
            Description =
                "Accounts, markets and the event lake of the banking game. Money, prices and quantities are exact decimal numbers; a "
                + $"request may have them as strings too, and has strings in the reply with `Accept: {MoneyText.MediaType}`. HEAD is "
                + "answered wherever GET is. A request's body may be compressed (`Content-Encoding: gzip` or `deflate`). "
                + "New codes of problems may be added: go by the status where you don't know one.",
        };
        var text = new MoneyTextSchemas(document);
        var contents = document.Paths.Values.SelectMany(path => path.Operations!.Values)
            .SelectMany(operation => operation.Responses!.Values)
            .Select(response => response.Content!);
        foreach (var content in contents)
        {
            if (content.TryGetValue(Json, out var media)) content[MoneyText.MediaType].Schema = text.Of(media.Schema) ?? media.Schema;
        }

        return Task.CompletedTask;
    }

    private static Task DescribeOperationAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, bool asksCallers)
    {
        var description = context.Description.ActionDescriptor.EndpointMetadata.OfType<RouteDescription>().Single();
        if (asksCallers) description = description with { Problems = [.. CallerDescriptions.With(description.Problems)] };
        operation.Parameters = [.. ParametersOf(description, context.Description.RelativePath ?? "")];
        if (description.Request is { } request) operation.RequestBody!.Content![Json].Example = NodeOf(request, V1Json.Default);
        foreach (var (status, response) in operation.Responses!)
        {
            if (response.Content!.ContainsKey(Json)) DescribeReply((OpenApiResponse)response, description);
            else DescribeProblems(
                (OpenApiResponse)response, int.Parse(status, CultureInfo.InvariantCulture), description, context.Document!);
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<OpenApiParameter> ParametersOf(RouteDescription description, string route)
    {
        foreach (var name in route.Split('/').Where(s => s.StartsWith('{') && s.EndsWith('}')).Select(s => s[1..^1]))
        {
            var (about, example) = name == "account_id"
                ? (Refusals.SentenceOf(ActionCode.InvalidAccountId), Examples.AccountId)
                : ("The asset's name.", Examples.AssetName);
            yield return Parameter(name, ParameterLocation.Path, true, about, Schemas.Text(1, 128), example);
        }

        if (description.TakesKey)
        {
            yield return Parameter(
                ActionIds.Header,
                ParameterLocation.Header,
                false,
                "Names the action: a retry with the same key gets the first result. 1 to 128 visible ASCII characters, bare or in double "
                + "quotes; a UUIDv7 is best.",
                Schemas.Text(1, 258),
                Examples.Key);
        }

        foreach (var own in description.Parameters)
            yield return Parameter(own.Name, own.In, own.Required, own.Description, own.Schema, own.Example);
    }

    private static void DescribeReply(OpenApiResponse response, RouteDescription description)
    {
        response.Content![Json].Example = NodeOf(description.Reply, V1Json.Default);
        response.Content[MoneyText.MediaType] = new OpenApiMediaType { Example = NodeOf(description.Reply, MoneyText.Json) };
        response.Headers = new Dictionary<string, IOpenApiHeader>();
        if (description.TakesKey) response.Headers[ActionIds.ReplayedHeader] = Replayed;
        if (!description.Creates) return;
        response.Headers["Location"] = Header(
            "Where the new resource is.", new() { Type = JsonSchemaType.String, Format = "uri-reference" }, true);
    }

    private static void DescribeProblems(OpenApiResponse response, int status, RouteDescription description, OpenApiDocument document)
    {
        var problems = description.Problems.Where(problem => problem.Status == status).ToList();
        var content = response.Content![ProblemReply.MediaType];
        content.Schema = Schemas.WithCodes(content.Schema, problems.Select(problem => problem.Code), document);
        response.Description = "One of the codes " + string.Join(", ", problems.Select(p => $"`{p.Code}`")) + ".";
        content.Examples = problems.ToDictionary(problem => problem.Code, IOpenApiExample (problem) => ExampleOf(problem, document));
        response.Headers = new Dictionary<string, IOpenApiHeader>();
        if (status == StatusCodes.Status401Unauthorized)
        {
            response.Headers["WWW-Authenticate"] = Header(
                "`Bearer`, and what is wrong with the token if there was one.", new() { Type = JsonSchemaType.String }, true);
        }

        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers["Retry-After"] = Header(
                "Seconds after which the same may succeed; absent where it won't by itself.",
                new() { Type = JsonSchemaType.Integer, Format = "int32" });
        }

        var isRemembered = description.TakesKey && status is StatusCodes.Status404NotFound or StatusCodes.Status409Conflict;
        if (isRemembered) response.Headers[ActionIds.ReplayedHeader] = Replayed;
        if (status != StatusCodes.Status415UnsupportedMediaType) return;
        response.Headers["Accept-Encoding"] =
            Header("The encodings that a body may have, where it had another one.", new() { Type = JsonSchemaType.String });
    }

    // Each example is in the document only once, not with every operation.
    private static OpenApiExampleReference ExampleOf(Problem problem, OpenApiDocument document)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{problem.Code}-{problem.Status}");
        var body = NodeOf(ProblemReply.Of(problem), ProblemJson.Default);
        document.AddComponent(id, new OpenApiExample { Summary = problem.Sentence, Value = body });
        return new OpenApiExampleReference(id, document);
    }

    private static OpenApiHeader Replayed =>
        Header("`true` if the action had been performed before: this is its first result. Absent otherwise.", Schemas.OneOf(["true"]));

    private static OpenApiHeader Header(string description, OpenApiSchema schema, bool required = false) =>
        new() { Description = description, Schema = schema, Required = required };

    private static OpenApiParameter Parameter(
        string name, ParameterLocation location, bool required, string description, OpenApiSchema schema, JsonNode? example) =>
        new()
        {
            Name = name,
            In = location,
            Required = required,
            Description = description,
            Schema = schema,
            Example = example?.DeepClone(),
        };

    private static JsonNode? NodeOf(object body, JsonSerializerContext json) => JsonSerializer.SerializeToNode(body, body.GetType(), json);
}
