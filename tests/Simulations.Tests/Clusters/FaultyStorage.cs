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

    public IAsyncEnumerable<GrainId> FindPending(string stateName, DateTimeOffset writtenBefore, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).FindPending(stateName, writtenBefore, cancellationToken);

    public Task<IReadOnlyList<string>> ListKeys(string stateName, string? after, int limit, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).ListKeys(stateName, after, limit, cancellationToken);

    public Task<IReadOnlyList<GrainState<T>>> ReadMany<T>(
        string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken) =>
        ((IGrainIndex)storage).ReadMany<T>(stateName, grains, cancellationToken);

    public Task WhenLost() => ((IStorageContinuity)storage).WhenLost();

    public void Accept() => ((IStorageContinuity)storage).Accept();

    public void Participate(ISiloLifecycle observer) => ((ILifecycleParticipant<ISiloLifecycle>)storage).Participate(observer);
}
