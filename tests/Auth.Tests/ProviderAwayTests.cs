using System.Security.Cryptography;
using Banking.Callers;
using Banking.Silo.Callers;
using Banking.Silo.Settings;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace Banking.Auth.Tests;

/// <summary>A real provider that goes away, comes back, and changes its keys; the clock is the test's.</summary>
public sealed class ProviderAwayTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly HttpClient _http = new();
    private readonly RSA _key = RSA.Create(2048);
    private Provider _provider = null!;
    private int _port;

    [Fact]
    public async Task Check_WhenTheProviderIsAwayForAnHour_ThenKnownKeysGoOnAndNewOnesAreNotKnown()
    {
        var check = await CheckAsync();
        var (first, later) = (await _provider.TokenOf("alice", seconds: 30_000), await _provider.TokenOf("bob", "server", seconds: 30_000));
        await check.CheckAsync(first);
        var unknown = new TokenMill(_provider, first).Signed(kid: "new");
        await _provider.DisposeAsync();

        foreach (var minutes in new[] { 1, 30, 35, 120 })
        {
            _time.Advance(TimeSpan.FromMinutes(minutes));
            Assert.Equal("alice", (await check.CheckAsync(first)).Identity.Caller.Id.Subject);
            await Assert.ThrowsAsync<CallersUnknownException>(async () => await check.CheckAsync(unknown));
        }

        // One that nobody checked before is checked with the known keys.
        Assert.Equal(CallerRole.Server, (await check.CheckAsync(later)).Identity.Caller.Role);
    }

    [Fact]
    public async Task Check_WhenTheProviderWasNeverThere_ThenItIsNotKnownUntilItComes()
    {
        var check = await CheckAsync();
        var token = await _provider.TokenOf("alice");
        await _provider.DisposeAsync();
        await Assert.ThrowsAsync<CallersUnknownException>(async () => await check.CheckAsync(token));

        _provider = await Provider.StartAsync(_port, _key);
        _time.Advance(ProviderKeys.RetryAfter);

        Assert.Equal("alice", (await check.CheckAsync(token)).Identity.Caller.Id.Subject);
    }

    [Fact]
    public async Task Check_WhenTheProviderChangesItsKeys_ThenNewOnesAreTakenAtOnceAndOldOnesEnd()
    {
        var check = await CheckAsync();
        var old = await _provider.TokenOf("alice");
        await check.CheckAsync(old);
        await _provider.DisposeAsync();
        _provider = await Provider.StartAsync(_port, RSA.Create(2048));
        _time.Advance(ProviderKeys.RetryAfter);

        Assert.Equal("bob", (await check.CheckAsync(await _provider.TokenOf("bob"))).Identity.Caller.Id.Subject);
        await Assert.ThrowsAsync<SecurityTokenSignatureKeyNotFoundException>(async () => await check.CheckAsync(old));
    }

    [Fact]
    public async Task Check_WhenKeysAreMadeUp_ThenTheProviderIsAskedOncePerPause()
    {
        var source = new CountingSource();
        var keys = new ProviderKeys(source, _time, NullLogger<ProviderKeys>.Instance);

        for (var i = 0; i < 100; i++)
        {
            await Assert.ThrowsAsync<SecurityTokenSignatureKeyNotFoundException>(async () => await keys.FindAsync($"made up {i}"));
            if (i == 50) _time.Advance(ProviderKeys.RetryAfter);
        }

        Assert.Equal(2, source.Readings);
    }

    [Fact]
    public async Task Check_WhenAKnownTokenEnds_ThenItIsRefused()
    {
        var check = await CheckAsync();
        var token = await _provider.TokenOf("alice", seconds: 600);
        await check.CheckAsync(token);

        _time.Advance(TimeSpan.FromSeconds(590));
        await check.CheckAsync(token);
        _time.Advance(TimeSpan.FromSeconds(100));

        await Assert.ThrowsAnyAsync<SecurityTokenException>(async () => await check.CheckAsync(token));
    }

    [Fact]
    public async Task Check_WhenTheIssuerSaysThatItIsAnother_ThenNothingIsTaken()
    {
        await CheckAsync();
        var settings = new AuthSettings { Authority = _provider.Authority.Replace("127.0.0.1", "localhost", StringComparison.Ordinal) };
        using var http = new HttpClient(new ToTheProvider());

        await Assert.ThrowsAsync<IOException>(
            () => new DiscoveredKeys(settings, http).ReadAsync(TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (_provider is not null) await _provider.DisposeAsync();
        _key.Dispose();
    }

    private async Task<TokenCheck> CheckAsync()
    {
        _provider = await Provider.StartAsync(key: _key);
        _port = new Uri(_provider.Authority).Port;
        var settings = new AuthSettings { Authority = _provider.Authority, Audience = Provider.Audience };
        var keys = new ProviderKeys(new DiscoveredKeys(settings, _http), _time, NullLogger<ProviderKeys>.Instance);
        return new TokenCheck(settings, keys, _time);
    }

    private sealed class CountingSource : IKeySource
    {
        public int Readings { get; private set; }

        public Task<ProviderKeySet> ReadAsync(CancellationToken cancellationToken)
        {
            Readings++;
            return Task.FromResult(new ProviderKeySet("https://id.example", []));
        }
    }

    // The provider names the host that it was asked by.
    private sealed class ToTheProvider : DelegatingHandler
    {
        public ToTheProvider()
            : base(new SocketsHttpHandler())
        {
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = "127.0.0.1:1";
            return base.SendAsync(request, cancellationToken);
        }
    }
}
