using System.Security.Cryptography;
using System.Text;
using Banking.Callers;
using Banking.Silo.Settings;
using Microsoft.IdentityModel.Tokens;
using Orleans.Storage;

namespace Banking.Silo.Callers;

/// <summary>
/// This silo's copy of the bank's keys. It is read from storage every second, not from the grain: silos that come and go must not keep a
/// game's servers out. A copy that is older than five seconds says nothing, as a key may have been revoked. Thread-safe.
/// </summary>
internal sealed partial class KeyRing(
    [FromKeyedServices(GameNames.Storage)] IGrainStorage storage, AuthSettings settings, TimeProvider time, ILogger<KeyRing> logger)
    : BackgroundService
{
    /// <summary>How long after its revocation a key may still be accepted.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>What an unknown key is compared with, so that it takes as long as a known one.</summary>
    private static readonly byte[] NoHash = new byte[SHA256.HashSizeInBytes];

    private readonly byte[]? _bootstrap = settings.BootstrapKey is { } hash ? Convert.FromHexString(hash) : null;
    private readonly Lock _lock = new();
    private volatile Copy? _copy;
    private bool _hasFailed;

    /// <exception cref="CallersUnknownException">Which keys there are is not known now.</exception>
    /// <exception cref="SecurityTokenException">It is not a key of the bank, or not any more.</exception>
    public GoodBearer Check(string text)
    {
        if (KeyText.IdOf(text) is not { } id) throw new SecurityTokenException("Not a key.");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text), hash);
        if (_bootstrap is not null && CryptographicOperations.FixedTimeEquals(hash, _bootstrap))
            return new GoodBearer(new Caller(new CallerId(CallerId.Keys, "bootstrap"), CallerRole.Operator) { KeyId = "bootstrap" }, Never);
        if (_copy is not { } copy || time.GetElapsedTime(copy.ReadAt) >= MaxAge)
            throw new CallersUnknownException("The bank's keys can't be read now.");
        var known = copy.Keys.GetValueOrDefault(id);
        if (!CryptographicOperations.FixedTimeEquals(hash, known.Hash ?? NoHash))
            throw new SecurityTokenException("Not a key of the bank.");
        if (time.GetUtcNow() >= known.Bearer.EndsAt) throw new SecurityTokenExpiredException("The key has expired.");
        return known.Bearer;
    }

    /// <summary>Reads the keys now: who made or revoked one sees it at once, on this silo.</summary>
    public async Task RefreshAsync()
    {
        var readAt = time.GetTimestamp();
        var stored = new GrainState<KeyRingState>();
        await storage.ReadStateAsync(GameNames.KeyRingState, KeyRingState.Owner, stored);
        var keys = stored.RecordExists ? stored.State!.Keys : [];
        lock (_lock)
        {
            if (_copy is { } copy && copy.ReadAt > readAt) return;
            _copy = new Copy(readAt, keys.ToDictionary(key => key.Id, key => (Convert.FromHexString(key.Hash), BearerOf(key))));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        do
        {
            try
            {
                await RefreshAsync();
                if (_hasFailed) LogReadAgain();
                _hasFailed = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever is wrong with storage: keys are refused until it can be read.
                if (!_hasFailed) LogUnreadable(e.Message);
                _hasFailed = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static DateTimeOffset Never => new(DateTime.MaxValue, TimeSpan.Zero);

    private static GoodBearer BearerOf(ApiKey key) =>
        new(new Caller(new CallerId(CallerId.Keys, key.Id), key.Role) { KeyId = key.Id }, key.ExpiresAt ?? Never);

    private sealed record Copy(long ReadAt, Dictionary<string, (byte[] Hash, GoodBearer Bearer)> Keys);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The bank's keys can't be read, and are refused until they can. {Reason}")]
    private partial void LogUnreadable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The bank's keys are read again.")]
    private partial void LogReadAgain();
}
