using Banking.Silo.Accounts;
using Banking.Silo.Http.V1;
using Banking.Silo.Recovery;

namespace Banking.Silo.Http;

/// <summary>The services of the HTTP API, and its health.</summary>
internal static class HttpHosting
{
    private const string Ready = "ready";

    public static void AddBankingHttp(this IServiceCollection services)
    {
        services.AddSingleton<AccountReferences>();
        services.AddSingleton<AccountCaller>();
        services.AddBankingOpenApi();
        services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, V1Json.Default));
        services.AddHealthChecks().AddCheck<Readiness>(Ready, tags: [Ready]).AddCheck<BankReadiness>("bank", tags: [Ready]);
    }

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        routes.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains(Ready) });
    }
}
