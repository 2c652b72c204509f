using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;

namespace Banking.Silo.Tests.OpenApi;

/// <summary>
/// The OpenAPI document that a silo serves, and what replies are held against. Strict: what it does not declare must not be there.
/// </summary>
internal sealed class ApiDocument
{
    private const string Problem = "application/problem+json";

    // HTTP's own, which no operation declares.
    private static readonly HashSet<string> OfTransport = new(StringComparer.OrdinalIgnoreCase)
    {
        "Date", "Content-Length", "Content-Type", "Content-Encoding", "Transfer-Encoding", "Connection", "Vary", "Server",
    };

    private readonly JsonObject _root;
    private readonly JsonObject _definitions;
    private readonly HashSet<string> _seen = [];

    private ApiDocument(JsonObject root)
    {
        _root = root;
        var schemas = (JsonObject)root["components"]!["schemas"]!.DeepClone();
        Close(schemas);
        _definitions = Localized(schemas);
    }

    public string Text => _root.ToJsonString();

    /// <summary>The path's template, the method, and what is declared of it.</summary>
    public IEnumerable<(string Path, HttpMethod Method, JsonObject Operation)> Operations =>
        from path in (JsonObject)_root["paths"]!
        from method in (JsonObject)path.Value!
        select (path.Key, HttpMethod.Parse(method.Key), (JsonObject)method.Value!);

    /// <summary>What no reply was seen of, as <c>operation status</c>, and <c>operation status code</c> for problems.</summary>
    public IEnumerable<string> NotSeen => Declared.Where(declared => !_seen.Contains(declared)).Order(StringComparer.Ordinal);

    private IEnumerable<string> Declared =>
        from operation in Operations
        from response in (JsonObject)operation.Operation["responses"]!
        from code in response.Value!["content"]![Problem] is { } problem ? CodesOf(problem).Select(code => " " + code) : [""]
        select $"{operation.Operation["operationId"]} {response.Key}{code}";

    public static async Task<ApiDocument> Load(HttpClient http, CancellationToken cancellationToken) =>
        new((JsonObject)JsonNode.Parse(await http.GetStringAsync("/openapi/v1.json", cancellationToken))!);

    public JsonObject Operation(HttpMethod method, string path)
    {
        var operation = Operations.FirstOrDefault(o => o.Method == method && Matches(o.Path, path)).Operation;
        Assert.True(operation is not null, $"{method} {path} is not in the document.");
        return operation;
    }

    /// <summary>The codes that an operation's problem of some status may have.</summary>
    public static IEnumerable<string> CodesOf(JsonNode problem) =>
        problem["schema"]!["properties"]!["code"]!["enum"]!.AsArray().Select(code => (string)code!);

    /// <summary>A path and query that an operation takes: its parameters are as in their examples.</summary>
    public static string UrlOf(string path, JsonObject operation)
    {
        var query = "";
        foreach (var parameter in (operation["parameters"] as JsonArray ?? []).Where(p => (bool?)p!["required"] is true))
        {
            var (name, value) = ((string)parameter!["name"]!, Uri.EscapeDataString((string)parameter["example"]!));
            if ((string?)parameter["in"] == "path") path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
            else query = $"?{name}={value}";
        }

        return path + query;
    }

    /// <summary>An example that stands once in the document.</summary>
    public JsonNode ExampleOf(JsonNode reference) => _root["components"]!["examples"]![((string)reference["$ref"]!).Split('/')[^1]]!;

    /// <summary>Holds a reply against what is declared of it: status, media type, body, code and headers.</summary>
    public async Task Check(HttpResponseMessage reply, CancellationToken cancellationToken)
    {
        var request = reply.RequestMessage!;
        var headers = reply.Headers.Concat(reply.Content.Headers).Select(h => h.Key);
        var body = await reply.Content.ReadAsStringAsync(cancellationToken);
        Check(request.Method, request.RequestUri!.AbsolutePath, (int)reply.StatusCode, reply.Content.Headers.ContentType, headers, body);
    }

    public void Check(HttpMethod method, string path, int status, MediaTypeHeaderValue? mediaType, IEnumerable<string> headers, string body)
    {
        var operation = Operation(method, path);
        var what = $"{operation["operationId"]} {status}";
        var response = operation["responses"]![$"{status}"];
        Assert.True(response is not null, $"{what} is not declared. {body}");
        var content = ((JsonObject)response["content"]!).FirstOrDefault(c => Is(mediaType!, MediaTypeHeaderValue.Parse(c.Key))).Value;
        Assert.True(content is not null, $"{what} is not declared as {mediaType}.");
        var errors = ErrorsOf((JsonObject)content["schema"]!, JsonNode.Parse(body)!);
        Assert.True(errors is null, $"{what}: {errors} {body}");
        CheckHeaders(what, response["headers"] as JsonObject ?? [], headers);
        _seen.Add(mediaType!.MediaType == Problem ? $"{what} {JsonNode.Parse(body)!["code"]}" : what);
    }

    /// <summary>What is wrong with a body; null if nothing is.</summary>
    public string? ErrorsOf(JsonObject schema, JsonNode? body)
    {
        var whole = new JsonObject { ["allOf"] = new JsonArray(Localized(schema)), ["$defs"] = _definitions.DeepClone() };
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var instance = JsonSerializer.SerializeToElement(body);
        var results = JsonSchema.FromText(whole.ToJsonString()).Evaluate(instance, options);
        return results.IsValid
            ? null
            : string.Join("; ", from d in results.Details! from e in d.Errors ?? [] select $"{d.InstanceLocation}: {e.Value}");
    }

    private static void CheckHeaders(string what, JsonObject declared, IEnumerable<string> sent)
    {
        var own = sent.Where(h => !OfTransport.Contains(h)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = own.Where(h => !declared.ContainsKey(h)).ToList();
        Assert.True(unknown.Count == 0, $"{what} does not declare {string.Join(", ", unknown)}.");
        var missing = declared.Where(h => (bool?)h.Value!["required"] is true && !own.Contains(h.Key)).Select(h => h.Key).ToList();
        Assert.True(missing.Count == 0, $"{what} declares {string.Join(", ", missing)}.");
    }

    private static bool Matches(string template, string path)
    {
        var (names, parts) = (template.Split('/'), path.Split('/'));
        return names.Length == parts.Length && names.Zip(parts).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second);
    }

    private static bool Is(MediaTypeHeaderValue sent, MediaTypeHeaderValue declared)
    {
        static IEnumerable<string> ParametersOf(MediaTypeHeaderValue type) =>
            type.Parameters.Where(p => p.Name != "charset").Select(p => p.ToString()).Order(StringComparer.Ordinal);

        return sent.MediaType == declared.MediaType && ParametersOf(sent).SequenceEqual(ParametersOf(declared));
    }

    // As a schema of its own.
    private static JsonObject Localized(JsonObject schema) =>
        (JsonObject)JsonNode.Parse(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal))!;

    // No property but the declared ones.
    private static void Close(JsonNode? node)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Close(item);
        }

        if (node is not JsonObject schema) return;
        foreach (var (_, child) in schema.ToList()) Close(child);
        if (schema["properties"] is JsonObject && schema["type"] is JsonValue) schema.TryAdd("additionalProperties", false);
    }
}
