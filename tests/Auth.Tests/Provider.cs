using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;

namespace Banking.Auth.Tests;

/// <summary>A real OpenID Connect provider (OpenIddict) over real HTTP, which gives anybody the token that they ask for.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Audience = "banking";

    private readonly WebApplication _app;

    private Provider(WebApplication app, RSA key) => (_app, Key) = (app, key);

    /// <summary>The private key that its tokens are signed with.</summary>
    public RSA Key { get; }

    public string KeyId => new RsaSecurityKey(Key).KeyId ?? "";

    public string Authority => _app.Urls.First() + "/";

    public static async Task<Provider> StartAsync(int port = 0, RSA? key = null)
    {
        key ??= RSA.Create(2048);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        builder.Services.AddOpenIddict().AddServer(server =>
        {
            server.EnableDegradedMode().AllowClientCredentialsFlow().SetTokenEndpointUris("/token");
            server.AddSigningKey(new RsaSecurityKey(key)).AddEphemeralEncryptionKey().DisableAccessTokenEncryption();
            server.UseAspNetCore().DisableTransportSecurityRequirement();
            server.AddEventHandler<OpenIddictServerEvents.ValidateTokenRequestContext>(
                handler => handler.UseInlineHandler(_ => ValueTask.CompletedTask));
            server.AddEventHandler<OpenIddictServerEvents.HandleTokenRequestContext>(
                handler => handler.UseInlineHandler(context =>
                {
                    context.SignIn(PrincipalOf(context.Request));
                    return ValueTask.CompletedTask;
                }));
        });
        var app = builder.Build();
        app.UseAuthentication();
        await app.StartAsync();
        return new Provider(app, key);
    }

    /// <summary>Asks for a token, as a client of the provider would.</summary>
    public async Task<string> TokenOf(string subject, string? roles = null, string audience = Audience, int seconds = 3600)
    {
        using var http = new HttpClient();
        using var reply = await http.PostAsync(new Uri(Authority + "token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_id"] = subject,
            ["client_secret"] = "anything",
            ["roles"] = roles ?? "",
            ["resource_of"] = audience,
            ["seconds"] = seconds.ToString(CultureInfo.InvariantCulture),
        }));
        using var body = JsonDocument.Parse(await reply.Content.ReadAsStringAsync());
        Assert.True(body.RootElement.TryGetProperty("access_token", out var token), body.RootElement.ToString());
        return token.GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static ClaimsPrincipal PrincipalOf(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("token");
        identity.SetClaim(OpenIddictConstants.Claims.Subject, request.ClientId);
        var roles = ((string?)request["roles"] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (roles.Length > 0) identity.SetClaims("roles", [.. roles]);
        identity.SetResources((string)request["resource_of"]!);
        identity.SetAccessTokenLifetime(TimeSpan.FromSeconds(int.Parse((string)request["seconds"]!, CultureInfo.InvariantCulture)));
        identity.SetDestinations(_ => [OpenIddictConstants.Destinations.AccessToken]);
        return new ClaimsPrincipal(identity);
    }
}
