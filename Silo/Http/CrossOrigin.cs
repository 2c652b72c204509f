using Banking.Silo.Settings;
using Microsoft.Net.Http.Headers;

namespace Banking.Silo.Http;

/// <summary>
/// Lets pages of other origins call the API if settings name them; otherwise a browser keeps out every page but the API's own.
/// </summary>
internal static class CrossOrigin
{
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    public static void AddCrossOrigin(this IServiceCollection services, HttpSettings settings)
    {
        if (settings.Origins() is not { Length: > 0 } origins) return;
        services.AddCors(cors => cors.AddDefaultPolicy(policy => policy
            .WithOrigins(origins)
            .WithMethods(HttpMethods.Get, HttpMethods.Head, HttpMethods.Post, HttpMethods.Delete)
            .AllowAnyHeader()
            .WithExposedHeaders(ActionIds.ReplayedHeader, HeaderNames.Location, HeaderNames.RetryAfter)
            .SetPreflightMaxAge(PreflightAge)));
    }

    public static void UseCrossOrigin(this WebApplication app, HttpSettings settings)
    {
        if (settings.Origins().Length > 0) app.UseCors();
    }
}
