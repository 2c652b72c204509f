using Banking.Silo.Accounts;
using Banking.Silo.Health;
using Banking.Silo.Http;
using Banking.Silo.Http.V1;
using Banking.Silo.Settings;
using Microsoft.AspNetCore.Authorization;

namespace Banking.Silo.Hosting;

/// <summary>The services of the HTTP API, its resources and its health.</summary>
internal static class HttpHosting
{
    private const string Ready = "ready";

    public static void AddBankingHttp(this IServiceCollection services, HttpSettings settings, bool asksCallers)
    {
        services.AddSingleton<IAccountReferences, AccountReferences>();
        services.AddSingleton<AccountCaller>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, CallerRefusals>();
        services.AddBankingOpenApi(asksCallers);
        services.AddCompression();
        services.AddCrossOrigin(settings);

        // The document's schemas are made with these options: they have to match what is read and written.
        services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, V1Json.Default);
            json.SerializerOptions.TypeInfoResolverChain.Insert(1, ProblemJson.Default);
            json.SerializerOptions.PropertyNamingPolicy = V1Json.Default.Options.PropertyNamingPolicy;
            json.SerializerOptions.NumberHandling = V1Json.Default.Options.NumberHandling;
        });
        services.AddHealthView();
        services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]);
    }

    /// <summary>The resource API.</summary>
    public static void MapV1(this IEndpointRouteBuilder routes)
    {
        var v1 = routes.MapGroup("/v1");
        v1.MapAccountRoutes();
        v1.MapLedgerRoutes();
        v1.MapAssetRoutes();
        v1.MapLakeRoutes();
        v1.MapCompactionRoutes();
        v1.MapRepairRoutes();
    }

    /// <summary>The bank's keys, where callers are asked who they are.</summary>
    public static void MapKeys(this IEndpointRouteBuilder routes) => routes.MapGroup("/v1").MapKeyRoutes();

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false }).AllowAnonymous();
        routes.MapHealthChecks(
            "/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = HealthReply.WriteAsync })
            .AllowAnonymous();
    }
}
