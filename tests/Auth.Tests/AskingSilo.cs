using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Banking.Callers;
using Banking.Silo.Hosting;
using Banking.Silo.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Banking.Auth.Tests;

/// <summary>The whole program, which asks its callers who they are, and the provider of their tokens.</summary>
public sealed class AskingSilo : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-auth-").FullName;
    private WebApplication _app = null!;

    internal Provider Provider { get; private set; } = null!;

    /// <summary>A key that is an operator's by the settings.</summary>
    internal string Bootstrap { get; } = KeyText.New();

    public HttpClient Http { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    /// <summary>All that the program logs.</summary>
    internal ConcurrentQueue<string> Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        Provider = await Provider.StartAsync();
        _app = BankingApplication.Create(
        [
            .. SiloFixture.Arguments(_folder),
            "--Banking:Auth:Authority", Provider.Authority,
            "--Banking:Auth:Audience", Provider.Audience,
            "--Banking:Auth:BootstrapKey", KeyText.HashOf(Bootstrap),
            "--Logging:LogLevel:Microsoft.AspNetCore.Authentication", "Information",
            "--Logging:Console:LogLevel:Default", "None",
        ]);
        _app.Services.GetRequiredService<ILoggerFactory>().AddProvider(new Listener(Log));
        await _app.StartAsync();
        Http = new HttpClient { BaseAddress = new Uri(_app.Urls.First()) };
        await Eventually.True(async () => (await Http.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Provider.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    public async Task<Answer> Send(HttpMethod method, string path, string? bearer, string? body = null, string? key = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (bearer is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        if (key is not null) request.Headers.Add("Idempotency-Key", key);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await Send(request);
    }

    public async Task<Answer> Send(HttpRequestMessage request)
    {
        using var reply = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        return new Answer(
            reply.StatusCode,
            await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            reply.Headers.WwwAuthenticate.ToString(),
            reply.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Opens an account, with some cash.</summary>
    internal async Task<string> Open(string bearer)
    {
        var id = "p" + Guid.NewGuid().ToString("N");
        var opened = await Send(HttpMethod.Post, "/v1/accounts", bearer, $$"""{"account_id":"{{id}}","full_name":"Ann"}""");
        Assert.Equal(HttpStatusCode.Created, opened.Status);
        var paid = await Send(HttpMethod.Post, $"/v1/accounts/{id}/deposits", bearer, """{"amount":100}""");
        Assert.Equal(HttpStatusCode.OK, paid.Status);
        return id;
    }

    private sealed class Listener(ConcurrentQueue<string> log) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}

/// <param name="Challenge">The header WWW-Authenticate.</param>
public sealed record Answer(HttpStatusCode Status, string Text, string Challenge, string? MediaType);
