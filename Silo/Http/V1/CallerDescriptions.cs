using System.Globalization;
using Banking.Accounts;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>What the OpenAPI document says where callers are asked who they are: how they say it, and how they are refused.</summary>
internal static class CallerDescriptions
{
    private const string Scheme = "bearer";

    private static readonly Problem[] Refusals = [Problems.Unauthenticated, Problem.Of(ActionCode.NotAllowed), Problems.CallersUnknown];

    public static void AddTo(OpenApiOptions options)
    {
        // Before those that describe the responses.
        options.AddOperationTransformer(AddResponsesAsync);
        options.AddDocumentTransformer(AddSchemeAsync);
    }

    /// <summary>The problems of an operation's description, with those of its callers.</summary>
    public static IEnumerable<Problem> With(IEnumerable<Problem> problems) => problems.Concat(Refusals).DistinctBy(problem => problem.Code);

    private static Task AddResponsesAsync(
        OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var status in Refusals.Select(problem => problem.Status.ToString(CultureInfo.InvariantCulture)))
        {
            operation.Responses!.TryAdd(status, new OpenApiResponse
            {
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [ProblemReply.MediaType] = new() { Schema = new OpenApiSchemaReference(nameof(ProblemReply), context.Document) },
                },
            });
        }

        return Task.CompletedTask;
    }

    private static Task AddSchemeAsync(
        OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.AddComponent(Scheme, new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Scheme,
            BearerFormat = "JWT",
            Description = "A token of the bank's OpenID Connect provider, or a key of the bank (`bk_…`).",
        });
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }
}
