using Banking.Silo.Accounts;
using Banking.Silo.Health;
using Banking.Silo.Http;
using Banking.Silo.Http.V1;
using Banking.Silo.Settings;

namespace Banking.Silo.Hosting;

/// <summary>The services of the HTTP API, and its health.</summary>
internal static class HttpHosting
{
    private const string Ready = "ready";

    public static void AddBankingHttp(this IServiceCollection services, HttpSettings settings)
    {
        services.AddSingleton<IAccountReferences, AccountReferences>();
        services.AddSingleton<AccountCaller>();
        services.AddBankingOpenApi();
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

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapHealthChecks("/health/live", new() { Predicate = _ => false });
        routes.MapHealthChecks(
            "/health/ready", new() { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = HealthReply.WriteAsync });
    }
}
