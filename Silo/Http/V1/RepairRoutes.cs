using Banking.Repair;

namespace Banking.Silo.Http.V1;

/// <summary>Says what is missing in storage, log and lake, and mends what can be mended.</summary>
internal static class RepairRoutes
{
    public static void MapRepairRoutes(this RouteGroupBuilder routes) =>
        routes.MapPost("/repair", (Delegate)Repair)
            .WithTags("Lake")
            .WithSummary("Says what is missing in storage, log and lake, and what a repair can do about it; with apply=true it does that.")
            .Produces<RepairReply>()
            .WithMetadata(new QueryParameter("apply", false, "true mends; anything else only looks."));

    private static async Task Repair(HttpContext http)
    {
        var apply = string.Equals(http.Request.Query["apply"], "true", StringComparison.OrdinalIgnoreCase);
        var findings = new List<RepairFinding>();
        foreach (var part in http.RequestServices.GetServices<IRepairPart>())
        {
            findings.AddRange(apply ? await part.ApplyAsync(http.RequestAborted) : await part.FindAsync(http.RequestAborted));
        }

        await http.Response.WriteAsJsonAsync(new RepairReply(apply, findings), V1Json.Default.RepairReply);
    }
}

/// <param name="Applied">Whether what can be mended was to be mended.</param>
internal sealed record RepairReply(bool Applied, IReadOnlyList<RepairFinding> Findings);
