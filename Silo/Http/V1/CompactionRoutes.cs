using Banking.Lake;
using Banking.Silo.Lake;

namespace Banking.Silo.Http.V1;

/// <summary>Compaction of the lake's closed days.</summary>
internal static class CompactionRoutes
{
    public static void MapCompactionRoutes(this RouteGroupBuilder routes)
    {
        routes.MapPost("/lake/compact", (Delegate)Start)
            .WithTags("Lake")
            .WithSummary("Starts turning the small files of days before today (UTC) into few large ones; queries see every row all the time. Answers at once.")
            .Produces<CompactionReply>(StatusCodes.Status202Accepted)
            .Produces<ProblemReply>(StatusCodes.Status400BadRequest, "application/problem+json")
            .Produces<ProblemReply>(StatusCodes.Status409Conflict, "application/problem+json")
            .WithMetadata(
                new QueryParameter("table", false, "One table; all by default."),
                new QueryParameter("day", false, "One day before today, as yyyy-MM-dd; all by default."));
        routes.MapGet("/lake/compact", (Delegate)Get)
            .WithTags("Lake")
            .WithSummary("How the last compaction stands.")
            .Produces<CompactionReply>()
            .Produces<ProblemReply>(StatusCodes.Status409Conflict, "application/problem+json");
    }

    private static async Task Start(HttpContext http)
    {
        var compaction = http.RequestServices.GetRequiredService<LakeCompaction>();
        var (order, problem) = compaction.Read(http.Request.Query["table"], http.Request.Query["day"]);
        if (order is null) await Reply.Problem(http, StatusCodes.Status400BadRequest, "malformed", problem!);
        else if (!compaction.IsPossible) await Reply.Problem(http, StatusCodes.Status409Conflict, "no_metastore", LakeCompaction.NeedsMetastore);
        else if (await compaction.Grain.Start(order) is { } status) await WriteAsync(http, StatusCodes.Status202Accepted, status);
        else await Reply.Problem(http, StatusCodes.Status409Conflict, "compaction_running", "A compaction is under way already. Ask again when it has ended.");
    }

    private static async Task Get(HttpContext http)
    {
        var compaction = http.RequestServices.GetRequiredService<LakeCompaction>();
        if (compaction.IsPossible) await WriteAsync(http, StatusCodes.Status200OK, await compaction.Grain.GetStatus());
        else await Reply.Problem(http, StatusCodes.Status409Conflict, "no_metastore", LakeCompaction.NeedsMetastore);
    }

    private static async Task WriteAsync(HttpContext http, int status, CompactionStatus compaction)
    {
        http.Response.StatusCode = status;
        await http.Response.WriteAsJsonAsync(CompactionReply.Of(compaction), V1Json.Default.CompactionReply);
    }
}
