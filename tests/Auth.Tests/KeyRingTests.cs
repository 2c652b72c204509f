using System.Diagnostics;
using Banking.Callers;
using Banking.Servers.PostgreSql;
using Banking.Silo.Callers;
using Banking.Silo.Settings;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Orleans.Storage;
using Orleans.TestingHost;

namespace Banking.Auth.Tests;

/// <summary>Each silo's copy of the bank's keys.</summary>
public sealed class KeyRingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Revoke_WhenTwoSilosKnowTheKey_ThenBothRefuseItWithinFiveSeconds()
    {
        var database = await Databases.Create();
        var builder = new InProcessTestClusterBuilder(2);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSiloHost((_, host) => host.Logging.ClearProviders());
        builder.ConfigureClientHost(host => host.Logging.ClearProviders());
        builder.ConfigureSilo((_, silo) =>
        {
            silo.AddPostgresGrainStorage(GameNames.Storage, storage => storage.ConnectionString = database);
            silo.Services.AddSingleton(TimeProvider.System);
            silo.Services.AddSingleton(new AuthSettings());
            silo.Services.AddSingleton<KeyRing>();
            silo.Services.AddHostedService(provider => provider.GetRequiredService<KeyRing>());
        });
        await using var cluster = builder.Build();
        await cluster.DeployAsync(Token);
        var rings = cluster.GetActiveSilos().Select(silo => silo.ServiceProvider.GetRequiredService<KeyRing>()).ToList();
        var grain = cluster.GetActiveSilos().First().ServiceProvider.GetRequiredService<IGrainFactory>()
            .GetGrain<IKeyRingGrain>(IKeyRingGrain.Key);
        var text = KeyText.New();
        Assert.True(await grain.Add(KeyOf(text)));
        foreach (var ring in rings) await Eventually.True(() => IsGood(ring, text));

        Assert.True(await grain.Revoke(KeyText.IdOf(text)!));
        var since = Stopwatch.StartNew();
        foreach (var ring in rings) await Eventually.True(() => !IsGood(ring, text));

        Assert.Equal(2, rings.Count);
        Assert.InRange(since.Elapsed, TimeSpan.Zero, KeyRing.MaxAge);
    }

    [Fact]
    public async Task Check_WhenStorageCantBeRead_ThenNoKeyIsTakenAfterFiveSeconds()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var text = KeyText.New();
        var storage = new OneRow { Keys = [KeyOf(text)] };
        using var ring = new KeyRing(storage, new AuthSettings(), time, NullLogger<KeyRing>.Instance);
        await ring.StartAsync(Token);
        await Eventually.True(() => IsGood(ring, text));
        storage.IsAway = true;

        time.Advance(KeyRing.MaxAge - TimeSpan.FromMilliseconds(1));
        Assert.True(IsGood(ring, text));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Throws<CallersUnknownException>(() => ring.Check(text));
        storage.IsAway = false;
        time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.True(() => IsGood(ring, text));
    }

    [Fact]
    public async Task Check_WhenTheBootstrapKeyIsSet_ThenItNeedsNoStorage()
    {
        var text = KeyText.New();
        var settings = new AuthSettings { BootstrapKey = KeyText.HashOf(text).ToUpperInvariant() };
        using var ring = new KeyRing(new OneRow { IsAway = true }, settings, TimeProvider.System, NullLogger<KeyRing>.Instance);
        await ring.StartAsync(Token);

        Assert.Equal(CallerRole.Operator, ring.Check(text).Identity.Caller.Role);
        Assert.Throws<CallersUnknownException>(() => ring.Check(KeyText.New()));
    }

    private static ApiKey KeyOf(string text) => new(
        KeyText.IdOf(text)!, "match", CallerRole.Server, KeyText.HashOf(text), TimeProvider.System.GetUtcNow(), null, null);

    private static bool IsGood(KeyRing ring, string text)
    {
        try
        {
            return ring.Check(text).Identity.Caller.Role == CallerRole.Server;
        }
        catch (SecurityTokenException)
        {
            return false;
        }
    }

    private sealed class OneRow : IGrainStorage
    {
        public ApiKey[] Keys { get; init; } = [];

        public bool IsAway { get; set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (IsAway) throw new IOException("The row can't be read.");
            grainState.State = (T)(object)new KeyRingState { Keys = Keys };
            grainState.RecordExists = true;
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }
}
