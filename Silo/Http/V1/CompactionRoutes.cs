using Banking.Lake;
using Banking.Lake.Tables;
using Banking.Silo.Callers;
using Banking.Silo.Lake;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>Compaction of the lake's closed days.</summary>
internal static class CompactionRoutes
{
    public static void MapCompactionRoutes(this RouteGroupBuilder routes)
    {
        routes.MapPost("/lake/compact", (Delegate)StartAsync)
            .WithTags("Lake")
            .RequireAuthorization(Access.Operators)
            .Describe<CompactionReply>(
                new(
                    "compactLake",
                    "Starts turning the small files of days before today (UTC) into few large ones; queries see every row all the time. "
                    + "Answers at once.")
                {
                    Parameters =
                    [
                        RouteParameter.Query(
                            "table", "One table; all by default.", Schemas.OneOf(LakeTables.All.Select(table => table.Name))),
                        RouteParameter.Query(
                            "day",
                            "One day before today; all by default.",
                            new() { Type = JsonSchemaType.String, Format = "date" },
                            "2026-03-13"),
                    ],
                    Reply = Examples.Compaction,
                    Problems = [Problems.Malformed, Problems.CompactionRunning],
                },
                StatusCodes.Status202Accepted);
        routes.MapGet("/lake/compact", (Delegate)GetAsync)
            .WithTags("Lake")
            .RequireAuthorization(Access.Lake)
            .Describe<CompactionReply>(
                new("getCompaction", "How the last compaction stands.") { Reply = Examples.Compaction });
    }

    private static async Task StartAsync(HttpContext http)
    {
        var compaction = http.RequestServices.GetRequiredService<LakeCompaction>();
        var (order, problem) = compaction.Read(http.Request.Query["table"], http.Request.Query["day"]);
        if (order is null) await Reply.ProblemAsync(http, Problems.Malformed with { Sentence = problem! });
        else if (await compaction.Grain.Start(order) is { } status) await WriteAsync(http, StatusCodes.Status202Accepted, status);
        else await Reply.ProblemAsync(http, Problems.CompactionRunning);
    }

    private static async Task GetAsync(HttpContext http)
    {
        var compaction = http.RequestServices.GetRequiredService<LakeCompaction>();
        await WriteAsync(http, StatusCodes.Status200OK, await compaction.Grain.GetStatus());
    }

    private static Task WriteAsync(HttpContext http, int status, CompactionStatus compaction) =>
        V1Reply.WriteAsync(http, CompactionReply.Of(compaction), json => json.CompactionReply, status);
}
