namespace Banking.Callers;

/// <summary>What is stored of the bank's keys.</summary>
[GenerateSerializer, Immutable, Alias("banking.key-ring-state")]
public sealed record KeyRingState
{
    /// <summary>The grain that stores it.</summary>
    public static GrainId Owner { get; } = GrainId.Create(
        GameNames.KeyRingState, GrainIdKeyExtensions.CreateIntegerKey(IKeyRingGrain.Key).ToString()!);

    [Id(0)] public ApiKey[] Keys { get; init; } = [];
}

/// <inheritdoc cref="IKeyRingGrain"/>
[GrainType(GameNames.KeyRingState)]
internal sealed class KeyRingGrain(
    [PersistentState(GameNames.KeyRingState, GameNames.Storage)] IPersistentState<KeyRingState> storage)
    : Grain, IKeyRingGrain
{
    public async Task<bool> Add(ApiKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Problem() is { } problem) throw new ArgumentException(problem, nameof(key));
        if (storage.State.Keys.Any(known => known.Id == key.Id)) throw new ArgumentException("There is a key of this id.", nameof(key));
        if (storage.State.Keys.Length >= IKeyRingGrain.MaxKeys) return false;
        await WriteAsync([.. storage.State.Keys, key]);
        return true;
    }

    public async Task<bool> Revoke(string id)
    {
        ApiKey[] left = [.. storage.State.Keys.Where(key => key.Id != id)];
        if (left.Length == storage.State.Keys.Length) return false;
        await WriteAsync(left);
        return true;
    }

    public Task<IReadOnlyList<ApiKey>> List() => Task.FromResult<IReadOnlyList<ApiKey>>(storage.State.Keys);

    private async Task WriteAsync(ApiKey[] keys)
    {
        storage.State = new KeyRingState { Keys = keys };
        try
        {
            await storage.WriteStateAsync();
        }
        catch
        {
            // What storage has is not known: the next activation reads it.
            DeactivateOnIdle();
            throw;
        }
    }
}
