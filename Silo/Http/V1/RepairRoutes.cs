using Banking.Repair;
using Banking.Silo.Callers;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>Reports what is missing in storage, log and lake, and repairs what can be repaired.</summary>
internal static class RepairRoutes
{
    public static void MapRepairRoutes(this RouteGroupBuilder routes) =>
        routes.MapPost("/repair", (Delegate)RepairAsync)
            .WithTags("Lake")
            .RequireAuthorization(Access.Operators)
            .Describe<RepairReply>(new(
                "repair", "Says what is missing in storage, log and lake, and what a repair can do about it; with apply=true it does that.")
            {
                Parameters =
                [
                    RouteParameter.Query(
                        "apply", "Mend what can be mended, instead of only looking.", new()
                        {
                            Type = JsonSchemaType.Boolean,
                            Default = false,
                        }),
                ],
                Reply = Examples.Repair,
            });

    private static async Task RepairAsync(HttpContext http)
    {
        var apply = string.Equals(http.Request.Query["apply"], "true", StringComparison.OrdinalIgnoreCase);
        var findings = new List<RepairFinding>();
        foreach (var part in http.RequestServices.GetServices<IRepairPart>())
        {
            findings.AddRange(apply ? await part.ApplyAsync(http.RequestAborted) : await part.FindAsync(http.RequestAborted));
        }

        await V1Reply.WriteAsync(http, new RepairReply(apply, findings), json => json.RepairReply);
    }
}

/// <param name="Applied">Whether what can be repaired was to be repaired.</param>
internal sealed record RepairReply(bool Applied, IReadOnlyList<RepairFinding> Findings);
