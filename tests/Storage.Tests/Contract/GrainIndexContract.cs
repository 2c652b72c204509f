using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Storage.Tests.Contract;

/// <summary>What a storage must know of its grains without calling them, whatever its database.</summary>
public abstract class GrainIndexContract : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private StorageUnderTest _storage = null!;

    private protected abstract Task<StorageUnderTest> Open(TimeProvider time);

    protected abstract ValueTask Close();

    public async ValueTask InitializeAsync() => _storage = await Open(_time);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _storage.DisposeAsync();
        await Close();
    }

    [Fact]
    public async Task FindPending_WhenStatesAreMarked_GivesThemInOrderOfTheirKeys()
    {
        await Write("b", isUnread: true);
        await Write("a", isUnread: true);
        await Write("c", isUnread: false);

        Assert.Equal(["a", "b"], await Pending());
    }

    [Fact]
    public async Task ReadMany_WhenSomeAreMissing_GivesEachInItsPlaceWithTheVersionToWriteWith()
    {
        await Write("a", isUnread: true);
        await Write("b", isUnread: false);
        GrainId[] grains =
            [GrainId.Create("note", "b"), GrainId.Create("note", "none"), GrainId.Create("note", "a"), GrainId.Create("note", "b")];

        var states = await _storage.Index.ReadManyAsync<Note>("note", grains, TestContext.Current.CancellationToken);
        states[2].State!.Text = "changed";
        await _storage.Storage.WriteStateAsync("note", grains[2], states[2]);

        Assert.Equal([true, false, true, true], states.Select(state => state.RecordExists));
        Assert.Equal([false, true, false], [states[0].State!.IsUnread, states[2].State!.IsUnread, states[3].State!.IsUnread]);
        Assert.Equal(
            "changed", (await _storage.Index.ReadManyAsync<Note>("note", grains, TestContext.Current.CancellationToken))[2].State!.Text);
        Assert.Empty(await _storage.Index.ReadManyAsync<Note>("note", [], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task FindPending_WhenWrittenJustNow_LeavesItOut()
    {
        await Write("old", isUnread: true);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Write("new", isUnread: true);

        Assert.Equal(["old"], await Pending(_time.GetUtcNow()));
        Assert.Equal(["new", "old"], await Pending(_time.GetUtcNow().AddMilliseconds(1)));
    }

    [Fact]
    public async Task FindPending_WhenStateOfAnotherNameIsMarked_LeavesItOut()
    {
        await _storage.Storage.WriteStateAsync("other", GrainId.Create("note", "a"), new GrainState<Note>(new Note { IsUnread = true }));

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task FindPending_WhenMarkedAndCleared_LeavesItOut()
    {
        var state = await Write("a", isUnread: true);

        await _storage.Storage.ClearStateAsync("note", GrainId.Create("note", "a"), state);

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task FindPending_WhenStateIsNull_LeavesItOut()
    {
        await _storage.Storage.WriteStateAsync("note", GrainId.Create("note", "a"), new GrainState<Note> { State = null! });

        Assert.Empty(await Pending());
    }

    [Fact]
    public async Task FindPending_WhenThereAreManyPages_GivesEachOnce()
    {
        await Task.WhenAll(Enumerable.Range(0, 1201).Select(i => Write($"{i:D4}", isUnread: true)));

        Assert.Equal(Enumerable.Range(0, 1201).Select(i => $"{i:D4}"), await Pending());
    }

    [Fact]
    public async Task FindPending_WhenWritesGoOnBetweenPages_DoesNotHoldThemUp()
    {
        await Task.WhenAll(Enumerable.Range(0, 600).Select(i => Write($"{i:D4}", isUnread: true)));
        var found = 0;

        await foreach (var grain in _storage.Index.FindPendingAsync("note", DateTimeOffset.MaxValue, TestContext.Current.CancellationToken))
        {
            if (found++ == 0) await Write("9999", isUnread: true);
        }

        Assert.Equal(601, found);
    }

    [Fact]
    public async Task ListKeys_WhenPaged_GivesEveryKeyInTheOrderOfItsBytes()
    {
        string[] keys = ["b", "a", "B", "é", "漢", "aa", "🏦", "~"];
        foreach (var key in keys) await Write(key, isUnread: false);
        var listed = new List<string>();

        IReadOnlyList<string> page;
        do
        {
            page = await _storage.Index.ListKeysAsync("note", listed.LastOrDefault(), 3, TestContext.Current.CancellationToken);
            listed.AddRange(page);
        }
        while (page.Count == 3);

        Assert.Equal(["B", "a", "aa", "b", "~", "é", "漢", "🏦"], listed);
    }

    [Fact]
    public async Task ListKeys_WhenAStateWasCleared_LeavesItOut()
    {
        var state = await Write("a", isUnread: false);
        await _storage.Storage.ClearStateAsync("note", GrainId.Create("note", "a"), state);

        Assert.Empty(await _storage.Index.ListKeysAsync("note", null, 10, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Index_WhenOperationsAreRandom_AgreesWithTheStates()
    {
        var run = 0;
        var operation = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 2], (key, kind) => (Key: $"{key}", Kind: kind));

        await operation.Array[1, 40].SampleAsync(
            async operations =>
            {
                var stateName = $"run-{Interlocked.Increment(ref run)}";
                var model = new SortedDictionary<string, bool>(StringComparer.Ordinal);
                var states = new Dictionary<string, GrainState<Note>>();
                foreach (var (key, kind) in operations)
                {
                    var state = states.TryGetValue(key, out var known) ? known : states[key] = new GrainState<Note>(new Note());
                    var grain = GrainId.Create("note", key);
                    if (kind == 2)
                    {
                        await _storage.Storage.ClearStateAsync(stateName, grain, state);
                        model.Remove(key);
                    }
                    else
                    {
                        state.State!.IsUnread = model[key] = kind == 1;
                        await _storage.Storage.WriteStateAsync(stateName, grain, state);
                    }
                }

                Assert.Equal(model.Where(entry => entry.Value).Select(entry => entry.Key), await Pending(stateName: stateName));
                Assert.Equal(model.Keys, await _storage.Index.ListKeysAsync(stateName, null, 100));
            },
            iter: 60,
            threads: 2);
    }

    private async Task<GrainState<Note>> Write(string key, bool isUnread)
    {
        var state = new GrainState<Note>(new Note { IsUnread = isUnread });
        await _storage.Storage.WriteStateAsync("note", GrainId.Create("note", key), state);
        return state;
    }

    private async Task<List<string>> Pending(DateTimeOffset? writtenBefore = null, string stateName = "note")
    {
        var keys = new List<string>();
        await foreach (var grain in _storage.Index.FindPendingAsync(stateName, writtenBefore ?? DateTimeOffset.MaxValue))
            keys.Add(grain.Key.ToString()!);
        return keys;
    }
}
