using Banking.Silo.Lake;

namespace Banking.Silo.Http.V1;

/// <summary>The event lake.</summary>
internal static class LakeRoutes
{
    public static void MapLakeRoutes(this RouteGroupBuilder routes) =>
        routes.MapPost("/lake/flush", (Delegate)Flush)
            .WithTags("Lake")
            .WithSummary("Returns when everything acknowledged before the call is readable in the lake.")
            .Produces<FlushReply>()
            .Produces<ProblemReply>(StatusCodes.Status503ServiceUnavailable, "application/problem+json");

    private static async Task Flush(HttpContext http)
    {
        var flushed = await http.RequestServices.GetRequiredService<LakeFlush>().Flush(http.RequestAborted);
        await http.Response.WriteAsJsonAsync(new FlushReply([.. flushed.Select(f => new FlushedPartition(f.Partition, f.Offset))]), V1Json.Default.FlushReply);
    }
}
