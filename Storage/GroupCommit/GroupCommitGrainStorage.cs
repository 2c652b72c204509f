using System.Runtime.CompilerServices;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Banking.Storage.GroupCommit;

/// <summary>
/// Grain storage over rows that are committed in groups. A state is serialized, and its pending mark taken, before WriteStateAsync first
/// returns to its caller: the caller may go on changing it while the write is under way. Versions serve as ETags and are never reused.
/// </summary>
internal sealed class GroupCommitGrainStorage(
    string name,
    GroupCommitOptions options,
    IGrainStorageSerializer serializer,
    IActivatorProvider activators,
    TimeProvider time,
    Func<CancellationToken, Task<IGrainRows>> open) : IGrainStorage, IGrainIndex, IStorageContinuity, ILifecycleParticipant<ISiloLifecycle>
{
    private const int PendingPage = 500;

    private readonly TaskCompletionSource<IGrainRows> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IGrainRows? _rows;

    public string? Loss => _rows?.Continuity?.Loss;

    private IGrainRows Rows => _rows
        ?? throw new InvalidOperationException($"The grain storage '{name}' is used before stage {options.InitStage} of the silo's start.");

    public async Task WhenLostAsync()
    {
        var rows = await _opened.Task.ConfigureAwait(false);
        await (rows.Continuity?.WhenLostAsync() ?? new TaskCompletionSource().Task).ConfigureAwait(false);
    }

    public void Accept() => _rows?.Continuity?.Accept();

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var epoch = Rows.Epoch;
        Fill(grainState, await Rows.ReadAsync(new GrainRow(stateName, grainId)), epoch);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var row = new GrainRow(stateName, grainId);
        var payload = serializer.Serialize(grainState.State).ToMemory();
        if (payload.Length > options.MaxStateBytes)
        {
            throw new StorageWriteFailedException(
                $"Not written: {row} has {payload.Length} bytes, more than the {options.MaxStateBytes} that the settings allow.");
        }

        var isPending = options.Pending.IsPending(grainState.State);
        grainState.ETag = await WriteAsync(row, grainState.ETag, payload, isPending).ConfigureAwait(false);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await WriteAsync(new GrainRow(stateName, grainId), grainState.ETag, payload: null, isPending: false);
        grainState.State = NewState<T>();
        grainState.RecordExists = false;
    }

    public async IAsyncEnumerable<GrainId> FindPendingAsync(
        string stateName, DateTimeOffset writtenBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var before = writtenBefore.ToUnixTimeMilliseconds();
        var after = default(GrainId);
        while (true)
        {
            var page = await Rows.ReadPendingAsync(stateName, after, before, PendingPage, cancellationToken);
            foreach (var grain in page) yield return grain;
            if (page.Count < PendingPage) yield break;
            after = page[^1];
        }
    }

    public Task<IReadOnlyList<string>> ListKeysAsync(string stateName, string? after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return Rows.ReadKeysAsync(stateName, after ?? "", limit, cancellationToken);
    }

    public async Task<IReadOnlyList<GrainState<T>>> ReadManyAsync<T>(
        string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(grains);
        var epoch = Rows.Epoch;
        var rows = await Rows.ReadManyAsync([.. grains.Select(grain => new GrainRow(stateName, grain))], cancellationToken);
        var states = new GrainState<T>[rows.Count];
        for (var i = 0; i < states.Length; i++) Fill(states[i] = new GrainState<T>(), rows[i], epoch);
        return states;
    }

    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe($"{nameof(GroupCommitGrainStorage)}-{name}", options.InitStage, StartAsync, StopAsync);

    // Opening may wait for a lock or recover a log: not on the silo's own thread.
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        _rows = await Task.Run(() => open(cancellationToken), cancellationToken);
        _opened.SetResult(_rows);
    }

    // Waiting writes matter more than the deadline for stopping: they are committed whatever the token says.
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_rows is { } rows) await rows.DisposeAsync();
    }

    private async Task<string?> WriteAsync(GrainRow row, string? etag, ReadOnlyMemory<byte>? payload, bool isPending)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();

        var epoch = Rows.Epoch;

        // Returns to the grain's scheduler only once, where the grain itself awaits, not at every step.
        var outcome = await Rows.WriteAsync(
            new GrainWrite(row, RowVersion.FromETag(etag, epoch), payload, isPending, now, epoch)).ConfigureAwait(false);
        var stored = RowVersion.ToETag(outcome.Version, epoch);
        if (outcome.IsConflict) throw new InconsistentStateException($"Another writer changed {row}.", stored ?? "", etag ?? "");
        return stored;
    }

    private void Fill<T>(IGrainState<T> grainState, StoredState stored, int epoch)
    {
        grainState.State = stored.Payload is { } payload ? serializer.Deserialize<T>(new BinaryData(payload)) : NewState<T>();
        grainState.ETag = RowVersion.ToETag(stored.Version, epoch);
        grainState.RecordExists = stored.Payload is not null;
    }

    private T NewState<T>() => activators.GetActivator<T>().Create();
}
