using Banking.Recovery;
using Banking.Storage;
using Orleans.Storage;

namespace Banking.Silo.Tests.Recovery;

/// <summary>A storage with the bank's record and no accounts.</summary>
internal sealed class BankOnly : IGrainStorage, IGrainIndex
{
    private volatile object? _bank;

    public Exception? Away { get; set; }

    public BankRecord? Bank => (BankRecord?)_bank;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (Away is { } away) return Task.FromException(away);
        if (_bank is not T bank) return Task.CompletedTask;
        (grainState.State, grainState.RecordExists, grainState.ETag) = (bank, true, "1");
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _bank = grainState.State;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    public IAsyncEnumerable<GrainId> FindPendingAsync(
        string stateName, DateTimeOffset writtenBefore, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<GrainId>();

    public Task<IReadOnlyList<string>> ListKeysAsync(string stateName, string? after, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([]);

    public Task<IReadOnlyList<GrainState<T>>> ReadManyAsync<T>(
        string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<GrainState<T>>>([]);
}
