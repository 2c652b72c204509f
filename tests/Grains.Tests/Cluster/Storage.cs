using System.Collections.Concurrent;
using Banking.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Banking.Grains.Tests.Cluster;

internal enum StorageFault
{
    BeforeWrite,
    AfterWrite,
}

/// <summary>
/// The storage of a cluster, which outlives its silos: real bytes, ETags, faults on demand, and the index of accounts with unpublished
/// events.
/// </summary>
internal sealed class Storage : IGrainStorage, IUnpublishedAccounts
{
    private readonly ConcurrentDictionary<string, Row> _rows = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<StorageFault>> _faults = new();
    private readonly ConcurrentDictionary<string, int> _writes = new();
    private readonly ConcurrentDictionary<string, int> _losses = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();
    private readonly ConcurrentDictionary<string, bool> _waiting = new();
    private readonly ConcurrentDictionary<string, bool> _unreadable = new();
    private readonly Serializer _serializer = new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>(
        );
    private long _nextTag;

    /// <summary>How far the clock of whoever writes is ahead.</summary>
    public TimeSpan Ahead { get; set; }

    private sealed record Row(string ETag, byte[] Bytes, int Unpublished, DateTimeOffset WrittenAt);

    public void FailNextWrite(string key, StorageFault fault) => _faults.GetOrAdd(key, _ => new()).Enqueue(fault);

    /// <summary>Keeps the key's writes from being made until they are released.</summary>
    public void HoldWrites(string key) => _held[key] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsWaiting(string key) => _waiting.ContainsKey(key);

    public void Release(string key)
    {
        if (_held.TryRemove(key, out var held)) held.SetResult();
    }

    public void FailReads(string key) => _unreadable[key] = true;

    /// <summary>From now on the answers of a share of a key's writes are lost: they are made, and say that they failed.</summary>
    /// <param name="everyNth">0: none.</param>
    public void LoseAnswers(string key, int everyNth) => _losses[key] = everyNth;

    public int Writes(string key) => _writes.GetValueOrDefault(key);

    public AccountState? Account(string id) =>
        _rows.TryGetValue($"{GameNames.AccountState}/{id}", out var row) ? _serializer.Deserialize<AccountState>(row.Bytes) : null;

    /// <summary>Another activation writes: the ETag that a silo holds is no longer the row's.</summary>
    public void WriteBehind(string id, AccountState state) => _rows[$"{GameNames.AccountState}/{id}"] = RowOf(state);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (_unreadable.ContainsKey(grainId.Key.ToString()!)) throw new IOException("The row can't be read.");
        if (_rows.TryGetValue($"{stateName}/{grainId.Key}", out var row))
        {
            grainState.State = _serializer.Deserialize<T>(row.Bytes)!;
            grainState.ETag = row.ETag;
            grainState.RecordExists = true;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = grainId.Key.ToString()!;
        var row = RowOf(grainState.State);
        if (_held.TryGetValue(key, out var held))
        {
            _waiting[key] = true;
            await held.Task;
        }

        await Task.Yield();
        StorageFault? fault = _faults.TryGetValue(key, out var queue) && queue.TryDequeue(out var next) ? next : null;
        if (fault == StorageFault.BeforeWrite) throw new IOException("The write was not made.");
        lock (_rows)
        {
            var stored = _rows.GetValueOrDefault($"{stateName}/{key}")?.ETag;
            if (stored != grainState.ETag) throw new InconsistentStateException("Somebody else wrote.", stored, grainState.ETag);
            _rows[$"{stateName}/{key}"] = row;
        }

        var writes = _writes.AddOrUpdate(key, 1, (_, count) => count + 1);
        if (_losses.TryGetValue(key, out var nth) && nth > 0 && writes % nth == 0) fault = StorageFault.AfterWrite;
        if (fault == StorageFault.AfterWrite) throw new TimeoutException("The write was made, its confirmation is lost.");
        grainState.ETag = row.ETag;
        grainState.RecordExists = true;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();

    public async IAsyncEnumerable<string> FindAsync(
        DateTimeOffset writtenBefore, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var (key, row) in _rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (row.Unpublished > 0 && row.WrittenAt < writtenBefore) yield return key[(GameNames.AccountState.Length + 1)..];
        }
    }

    private Row RowOf<T>(T state) => new(
        Interlocked.Increment(ref _nextTag).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _serializer.SerializeToArray(state),
        state is AccountState account ? account.Outbox.Length : 0,
        TimeProvider.System.GetUtcNow() + Ahead);
}
