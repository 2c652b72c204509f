using System.Text.Json.Nodes;
using Banking.Accounts;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>What the OpenAPI document says about a route beyond what its types say.</summary>
/// <param name="Id">The operation's id: generated clients name their methods after it.</param>
internal sealed record RouteDescription(string Id, string Summary)
{
    public string? Description { get; init; }

    /// <summary>The parameters besides those of the path.</summary>
    public IReadOnlyList<RouteParameter> Parameters { get; init; } = [];

    /// <summary>An example of a body that the route accepts; null if it reads none.</summary>
    public object? Request { get; init; }

    /// <summary>An example of a body that it answers with.</summary>
    public required object Reply { get; init; }

    /// <summary>Whether the reply says where the new resource is.</summary>
    public bool Creates { get; init; }

    /// <summary>Whether it accepts an idempotency key.</summary>
    public bool TakesKey { get; init; }

    public IReadOnlyList<Problem> Problems { get; init; } = [];
}

/// <summary>A parameter that a route reads itself.</summary>
internal sealed record RouteParameter(
    string Name, ParameterLocation In, bool Required, string Description, OpenApiSchema Schema, JsonNode? Example = null)
{
    public static RouteParameter Query(
        string name, string description, OpenApiSchema schema, JsonNode? example = null, bool required = false) =>
        new(name, ParameterLocation.Query, required, description, schema, example);
}

internal static class Descriptions
{
    /// <summary>The problems that any route may answer with.</summary>
    private static readonly Problem[] OfAll =
        [Problems.CrossOrigin, Problems.UnknownHost, Problems.TooManyRequests, Problems.InternalError, Problems.Unavailable];

    /// <summary>The problems that a route calling an account may answer with.</summary>
    public static IReadOnlyList<Problem> OfAccounts { get; } =
    [
        Problems.OutcomeUnknown, Problems.BankClosed, Problem.Of(ActionCode.AccountSetAside),
    ];

    private static readonly Problem[] OfBodies =
    [
        Problems.Malformed, Problems.TooSlow, Problems.BodyTooLarge, Problems.UnsupportedMediaType,
    ];

    /// <summary>The problems that any action may end with; each action adds its own.</summary>
    public static IReadOnlyList<Problem> OfActions { get; } =
    [
        .. OfAccounts,
        .. Of(
            ActionCode.InvalidActionId, ActionCode.InvalidAccountId, ActionCode.NotAllowed, ActionCode.ActionIdReused,
            ActionCode.ActionTooOld, ActionCode.ActionForgotten, ActionCode.TooManyActionIds, ActionCode.TooManyUnpublishedEvents),
    ];

    public static Problem[] Of(params ActionCode[] codes) => [.. codes.Select(Problem.Of)];

    /// <summary>Describes a route that reads no body.</summary>
    public static RouteHandlerBuilder Describe<TReply>(
        this RouteHandlerBuilder route, RouteDescription description, int done = StatusCodes.Status200OK) =>
        route.Apply<TReply>(description with { Problems = [.. description.Problems, .. OfAll] }, done);

    /// <summary>Describes a route that reads a body.</summary>
    public static RouteHandlerBuilder Describe<TRequest, TReply>(
        this RouteHandlerBuilder route, RouteDescription description, int done = StatusCodes.Status200OK)
        where TRequest : notnull =>
        route.Apply<TReply>(description with { Problems = [.. OfBodies, .. description.Problems, .. OfAll] }, done)
            .Accepts<TRequest>("application/json");

    private static RouteHandlerBuilder Apply<TReply>(this RouteHandlerBuilder route, RouteDescription description, int done)
    {
        route.WithName(description.Id).WithSummary(description.Summary).WithMetadata(description);
        route.Produces<TReply>(done, "application/json");
        if (description.Description is { } more) route.WithDescription(more);
        foreach (var status in description.Problems.Select(problem => problem.Status).Distinct().Order())
            route.Produces<ProblemReply>(status, ProblemReply.MediaType);
        return route;
    }
}
