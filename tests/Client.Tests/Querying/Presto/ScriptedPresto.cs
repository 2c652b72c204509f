using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Banking.Client.Tests.Querying.Presto;

/// <summary>A coordinator that answers as a test says, on a free port of the loopback.</summary>
internal sealed class ScriptedPresto : IAsyncDisposable
{
    public const string Column = """{"name":"n","type":"bigint","typeSignature":{"rawType":"bigint","typeArguments":[],"literalArguments":[]}}""";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _asked = new();

    private ScriptedPresto(WebApplication app) => _app = app;

    public Uri Url => new(_app.Urls.Single());

    /// <summary>What was asked: method, path, and of a POST the statement.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public IHeaderDictionary LastHeaders { get; private set; } = new HeaderDictionary();

    /// <summary>Answers a request, which is the so-many-th with its method, from 1.</summary>
    public Func<HttpContext, int, Task> Answer { get; set; } = (http, _) => Json(http, """{"id":"q","stats":{"state":"FINISHED"}}""");

    public static async Task<ScriptedPresto> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var presto = new ScriptedPresto(builder.Build());
        presto._app.Run(presto.TakeAsync);
        await presto._app.StartAsync();
        return presto;
    }

    public static Task Json(HttpContext http, string json) => Text(http, 200, "application/json", json);

    public static Task Text(HttpContext http, int status, string type, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        return http.Response.WriteAsync(text);
    }

    /// <summary>A page whose next one is at <c>/next</c>, or the last one.</summary>
    public string Page(string more = "", string? next = "/next") =>
        $$"""{"id":"q","stats":{"state":"RUNNING","totalSplits":4,"completedSplits":1,"processedRows":1234,"processedBytes":5600000}{{(next is null ? "" : $",\"nextUri\":\"{new Uri(Url, next)}\"")}}{{more}}}""";

    public string Rows(string rows, string? next = "/next") => Page($",\"columns\":[{Column}],\"data\":{rows}", next);

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext http)
    {
        LastHeaders = new HeaderDictionary(http.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
        using var body = new StreamReader(http.Request.Body);
        _asked.Enqueue($"{http.Request.Method} {http.Request.Path} {await body.ReadToEndAsync()}".Trim());
        await Answer(http, _asked.Count(asked => asked.StartsWith(http.Request.Method, StringComparison.Ordinal)));
    }
}
