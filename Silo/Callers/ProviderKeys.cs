using Microsoft.IdentityModel.Tokens;

namespace Banking.Silo.Callers;

/// <summary>The public keys with which the provider's tokens are checked. Immutable.</summary>
/// <param name="Issuer">The issuer that tokens must name.</param>
internal sealed record ProviderKeySet(string Issuer, IReadOnlyList<SecurityKey> Keys)
{
    /// <summary>The keys that a token may have been signed with: the one that it names, or all if it names none.</summary>
    public IReadOnlyList<SecurityKey> Of(string? kid) =>
        string.IsNullOrEmpty(kid) ? Keys : [.. Keys.Where(key => string.Equals(key.KeyId, kid, StringComparison.Ordinal))];

    public bool IsLike(ProviderKeySet other) =>
        Issuer == other.Issuer && Keys.Select(key => key.KeyId).Order().SequenceEqual(other.Keys.Select(key => key.KeyId).Order());
}

/// <summary>Where the provider's keys are read from.</summary>
internal interface IKeySource
{
    /// <exception cref="IOException">They can't be read, or are not what they must be.</exception>
    Task<ProviderKeySet> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>
/// The provider's keys, read again now and then, and at once when a token names a new one. While the provider is unavailable the known keys
/// go on. Thread-safe.
/// </summary>
internal sealed partial class ProviderKeys(IKeySource source, TimeProvider time, ILogger<ProviderKeys> logger)
{
    /// <summary>How old keys get before they are read again, beside the calls.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(10);

    /// <summary>The pause between two tries, whoever asks: names of keys that don't exist are easily made up.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long keys go on while they can't be read again. A provider withdraws keys too.</summary>
    public static readonly TimeSpan GoOnFor = TimeSpan.FromHours(24);

    private readonly Lock _lock = new();
    private State _state = new(null, 0, 0, false);
    private Task _reading = Task.CompletedTask;

    /// <summary>Told when the keys are others than before.</summary>
    public event Action? Changed;

    /// <summary>The keys with which a token may have been signed.</summary>
    /// <param name="kid">The key that the token names; null for none. It is compared, and nothing else.</param>
    /// <exception cref="CallersUnknownException">It is not known, and the provider can't be asked.</exception>
    /// <exception cref="SecurityTokenSignatureKeyNotFoundException">The provider has no such key.</exception>
    public async ValueTask<(string Issuer, IReadOnlyList<SecurityKey> Keys)> FindAsync(string? kid)
    {
        if (Find(kid) is not { } found)
        {
            await TryReadAsync();
            if (Find(kid) is { } now) return now;
            throw Volatile.Read(ref _state).HasFailed
                ? new CallersUnknownException("The provider of the tokens' keys can't be reached, and this token's key is not known yet.")
                : new SecurityTokenSignatureKeyNotFoundException("The provider has no such key.");
        }

        if (time.GetElapsedTime(Volatile.Read(ref _state).ReadAt) >= RefreshAfter) _ = TryReadAsync();
        return found;
    }

    private (string Issuer, IReadOnlyList<SecurityKey> Keys)? Find(string? kid)
    {
        var state = Volatile.Read(ref _state);
        if (state.Keys is not { } keys || time.GetElapsedTime(state.ReadAt) >= GoOnFor) return null;
        return keys.Of(kid) is { Count: > 0 } some ? (keys.Issuer, some) : null;
    }

    // One reading at a time; those who come meanwhile wait for it.
    private Task TryReadAsync()
    {
        lock (_lock)
        {
            if (!_reading.IsCompleted) return _reading;
            if (_state.TriedAt != 0 && time.GetElapsedTime(_state.TriedAt) < RetryAfter) return Task.CompletedTask;
            _state = _state with { TriedAt = time.GetTimestamp() };
            return _reading = ReadAsync();
        }
    }

    private async Task ReadAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var before = _state;
        try
        {
            var keys = await source.ReadAsync(CancellationToken.None);
            Volatile.Write(ref _state, new State(keys, time.GetTimestamp(), before.TriedAt, false));
            if (before.HasFailed) LogReadAgain();
            if (before.Keys is { } known && !known.IsLike(keys)) Changed?.Invoke();
        }
        catch (IOException e)
        {
            Volatile.Write(ref _state, before with { HasFailed = true });
            if (!before.HasFailed) LogUnavailable(e.Message);
        }
    }

    private sealed record State(ProviderKeySet? Keys, long ReadAt, long TriedAt, bool HasFailed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The keys of the tokens' provider can't be read; known ones go on. {Reason}")]
    private partial void LogUnavailable(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The keys of the tokens' provider are read again.")]
    private partial void LogReadAgain();
}
