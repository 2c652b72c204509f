using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Banking.Silo.Http.V1;

/// <summary>The OpenAPI document of the resource API.</summary>
internal static class OpenApi
{
    public static IServiceCollection AddBankingOpenApi(this IServiceCollection services) => services.AddOpenApi("v1", options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Banking.Orleans";
            document.Info.Description = "Accounts, markets and the event lake of the banking game.";
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(DescribeParameters);
    });

    private static Task DescribeParameters(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        operation.Parameters ??= [];
        foreach (var parameter in context.Description.ParameterDescriptions.Where(p => p.Source.Id == "Path"))
        {
            if (operation.Parameters.Any(p => p.Name == parameter.Name)) continue;
            operation.Parameters.Add(Parameter(parameter.Name, ParameterLocation.Path, true, null));
        }

        var route = context.Description.RelativePath ?? "";
        foreach (var name in RouteNames(route).Where(n => operation.Parameters.All(p => p.Name != n)))
            operation.Parameters.Add(Parameter(name, ParameterLocation.Path, true, null));
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<AcceptsKey>().Any())
        {
            operation.Parameters.Add(Parameter(
                ActionIds.Header,
                ParameterLocation.Header,
                false,
                "Names the action: a retry with the same key gets the first result. 1 to 128 visible ASCII characters; a UUIDv7 is best."));
        }

        foreach (var query in metadata.OfType<QueryParameter>())
            operation.Parameters.Add(Parameter(query.Name, ParameterLocation.Query, query.Required, query.Description));
        return Task.CompletedTask;
    }

    private static IEnumerable<string> RouteNames(string route) =>
        route.Split('/').Where(s => s.StartsWith('{') && s.EndsWith('}')).Select(s => s[1..^1]);

    private static OpenApiParameter Parameter(string name, ParameterLocation location, bool required, string? description) => new()
    {
        Name = name,
        In = location,
        Required = required,
        Description = description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };
}

/// <summary>A query parameter that a route reads itself.</summary>
internal sealed record QueryParameter(string Name, bool Required, string Description);
