using Banking.Silo.Callers;
using Banking.Silo.Lake;

namespace Banking.Silo.Http.V1;

/// <summary>The event lake.</summary>
internal static class LakeRoutes
{
    public static void MapLakeRoutes(this RouteGroupBuilder routes) =>
        routes.MapPost("/lake/flush", (Delegate)FlushAsync)
            .WithTags("Lake")
            .RequireAuthorization(Access.Operators)
            .Describe<FlushReply>(new("flushLake", "Returns when everything acknowledged before the call is readable in the lake.")
            {
                Reply = Examples.Flushed,
                Problems = [Problems.NotFlushed],
            });

    private static async Task FlushAsync(HttpContext http)
    {
        var flushed = await http.RequestServices.GetRequiredService<LakeFlush>().FlushAsync(http.RequestAborted);
        await V1Reply.WriteAsync(
            http, new FlushReply([.. flushed.Select(f => new FlushedPartition(f.Partition, f.Offset))]), json => json.FlushReply);
    }
}
