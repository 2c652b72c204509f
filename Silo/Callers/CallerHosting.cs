using Banking.Callers;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>Asks callers who they are, if the settings say so; otherwise nobody is asked, and the policies of routes don't count.</summary>
internal static class CallerHosting
{
    private static readonly TimeSpan ProviderTimeout = TimeSpan.FromSeconds(5);
    private const int MaxProviderAnswer = 1024 * 1024;

    /// <summary>Must be called after the silo is added: its storage has to be there when the keys are read.</summary>
    /// <exception cref="StartException">The provider's keys are in a file that can't be read.</exception>
    public static void AddCallers(this IServiceCollection services, AuthSettings settings)
    {
        services.AddSingleton(settings);
        services.AddSingleton<IIncomingGrainCallFilter, GatewayCallers>();
        if (!settings.IsSet)
        {
            services.Configure<RouteOptions>(routes => routes.SuppressCheckForUnhandledSecurityMetadata = true);
            return;
        }

        services.AddSingleton<KeyRing>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        if (settings.HasProvider)
        {
            services.AddSingleton<ProviderKeys>();
            services.AddSingleton<TokenCheck>();
            services.AddSingleton(SourceOf(settings));
        }

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<IServiceProvider>((bearer, provider) =>
        {
            bearer.TokenHandlers.Clear();
            bearer.TokenHandlers.Add(
                new BearerCheck(provider.GetRequiredService<KeyRing>(), provider.GetService<TokenCheck>()));
            bearer.SaveToken = false;
            bearer.Events = new JwtBearerEvents { OnMessageReceived = RefuseSeveralAsync };
        });
        services.AddAuthorization(Access.AddPolicies);
    }

    /// <summary>To be called after routing, and before the routes' own work.</summary>
    public static void UseCallers(this WebApplication app, AuthSettings settings)
    {
        if (!settings.IsSet) return;
        app.UseAuthentication();
        app.UseAuthorization();
        app.Use(async (http, next) =>
        {
            // Grains are told who calls. The context ends with this call.
            Caller.Current = (http.User.Identity as CallerIdentity)?.Caller;
            await next(http);
        });
    }

    // Two programs that take different ones of them would see two callers.
    private static Task RefuseSeveralAsync(MessageReceivedContext context)
    {
        if (context.Request.Headers.Authorization.Count > 1) context.Fail(new SecurityTokenException("Several Authorization headers."));
        return Task.CompletedTask;
    }

    private static IKeySource SourceOf(AuthSettings settings)
    {
        if (settings.Jwks is null) return new DiscoveredKeys(settings, CreateHttp());
        var file = new FileKeys(settings);
        file.Check();
        return file;
    }

    private static HttpClient CreateHttp() =>
        new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(2), ConnectTimeout = ProviderTimeout })
        {
            Timeout = ProviderTimeout,
            MaxResponseContentBufferSize = MaxProviderAnswer,
        };
}
