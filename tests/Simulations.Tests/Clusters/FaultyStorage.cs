using Banking.Storage;
using Orleans.Storage;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>A storage whose writes fail as told, before their commit or after it.</summary>
internal sealed class FaultyStorage(
    IGrainStorage storage, FaultPoint fault) : IGrainStorage, IGrainIndex, IStorageContinuity, ILifecycleParticipant<ISiloLifecycle>
{
    public string? Loss => ((IStorageContinuity)storage).Loss;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        fault.Run(() => storage.ReadStateAsync(stateName, grainId, grainState));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        fault.Run(() => storage.WriteStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        fault.Run(() => storage.ClearStateAsync(stateName, grainId, grainState));

    public IAsyncEnumerable<GrainId> FindPendingAsync(
        string stateName, DateTimeOffset writtenBefore, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).FindPendingAsync(stateName, writtenBefore, cancellationToken);

    public Task<IReadOnlyList<string>> ListKeysAsync(string stateName, string? after, int limit, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).ListKeysAsync(stateName, after, limit, cancellationToken);

    public Task<IReadOnlyList<GrainState<T>>> ReadManyAsync<T>(
        string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).ReadManyAsync<T>(stateName, grains, cancellationToken);

    public Task WhenLostAsync() => ((IStorageContinuity)storage).WhenLostAsync();

    public void Accept() => ((IStorageContinuity)storage).Accept();

    public void Participate(ISiloLifecycle observer) => ((ILifecycleParticipant<ISiloLifecycle>)storage).Participate(observer);
}
