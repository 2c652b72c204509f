using Banking.Silo.Callers;
using Banking.Silo.Cluster;
using Banking.Silo.Http;
using Banking.Silo.Http.Legacy;
using Banking.Silo.Listening;
using Banking.Silo.Settings;
using Banking.Silo.Starting;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Hosting;

/// <summary>The whole program: silo and HTTP API in one process.</summary>
public static class BankingApplication
{
    public const string DefaultUrl = "http://127.0.0.1:5000";

    /// <summary>
    /// Builds the program from the command line, environment and settings file. Nothing runs yet, but the data folder is taken.
    /// </summary>
    /// <exception cref="StartException">A setting is unknown or malformed, or the data folder can't be used.</exception>
    /// <exception cref="OptionsValidationException">A setting is outside its range.</exception>
    public static WebApplication Create(string[] args)
    {
        CommandLine.Check(args);

        // The settings file is beside the program, wherever that is started from.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
        var settings = BankingSettings.Read(builder.Configuration);
        HttpEndpoints.Settle(builder.Configuration, settings.Http, settings.Auth.IsSet);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = RequestBody.MaxSize;

            // A token that is much too long is refused in the same words as any other.
            if (settings.Auth.IsSet) kestrel.Limits.MaxRequestHeadersTotalSize = 96 * 1024;
        });
        RequestLimits.AddTo(builder, settings.Http.Limits);
        LogLines.Configure(builder);
        builder.Services.AddBankingHttp(settings.Http, settings.Auth.IsSet);
        builder.AddBankingSilo(settings);
        builder.Services.AddCallers(settings.Auth);
        BoundedServer.AddTo(builder.Services);
        ListenerGate.AddTo(builder.Services, settings.Http, settings.Auth.IsSet);
        var app = builder.Build();
        if (settings.Http.BehindProxy) app.UseForwardedHeaders(settings.Http.Forwarding());
        app.UseHead();
        BrowserGuard.Use(app, settings.Http, settings.Auth.IsSet);
        app.UseCrossOrigin(settings.Http);
        app.UseCompression();
        app.UseMiddleware<Failures>();
        app.UseStatusCodePages(status => NoSuchRoute.AnswerAsync(status.HttpContext, settings.Http));
        RequestLimits.UseForArrivals(app);

        // After everything that changes the request.
        app.UseRouting();
        app.UseCallers(settings.Auth);
        RequestLimits.UseForCallers(app);
        app.MapFrontPage(settings);
        app.MapLegacyRoutes();
        app.MapV1();
        app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
        if (settings.Auth.IsSet) app.MapKeys();
        app.MapHealth();
        app.MapClusterDashboard(settings);
        StartNotice.PrintAtStart(app, settings);
        return app;
    }
}
