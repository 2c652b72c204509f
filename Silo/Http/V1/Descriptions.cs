namespace Banking.Silo.Http.V1;

/// <summary>What the OpenAPI document says of a route.</summary>
internal static class Descriptions
{
    public static void Describe<TRequest>(this RouteHandlerBuilder route, string summary, int done)
        where TRequest : notnull =>
        route.WithSummary(summary).Accepts<TRequest>("application/json").Produces<ActionReply>(done).WithRefusals().WithMetadata(AcceptsKey.Instance);

    public static void DescribeChange(this RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces<ActionReply>().WithRefusals().WithMetadata(AcceptsKey.Instance);

    public static void DescribeRead<TReply>(this RouteHandlerBuilder route, string summary) =>
        route.WithSummary(summary).Produces<TReply>().Produces<ProblemReply>(StatusCodes.Status404NotFound, "application/problem+json");

    private static RouteHandlerBuilder WithRefusals(this RouteHandlerBuilder route)
    {
        int[] statuses =
        [
            StatusCodes.Status400BadRequest, StatusCodes.Status404NotFound, StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge,
            StatusCodes.Status422UnprocessableEntity, StatusCodes.Status503ServiceUnavailable,
        ];
        foreach (var status in statuses) route.Produces<ProblemReply>(status, "application/problem+json");
        return route;
    }
}

/// <summary>Marks a route that takes an idempotency key.</summary>
internal sealed class AcceptsKey
{
    public static readonly AcceptsKey Instance = new();
}
