using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Orleans.Storage;

namespace Banking.Storage.Tests.Postgres;

/// <summary>A primary that dies, and an asynchronous replica that takes its place without the last transactions.</summary>
public sealed class FailOverTests : IAsyncLifetime
{
    private static readonly GrainId Alice = GrainId.Create("note", "alice");
    private static readonly GrainId Bob = GrainId.Create("note", "bob");
    private PostgresPair _pair = null!;
    private StorageUnderTest _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _pair = await PostgresPair.Create();
        _storage = await StorageUnderTest.StartPostgres(options =>
        {
            options.ConnectionString = _pair.ConnectionString;
            options.Writers = 1;
            options.ReconnectTimeout = TimeSpan.FromMinutes(1);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        await _pair.DisposeAsync();
    }

    [Fact]
    public async Task FailOver_WhenTheReplicaHadEverything_LosesNothingOnceItIsAccepted()
    {
        await Write(Alice, "first");
        await _pair.HoldShipping();

        await _pair.FailOver();
        await WaitForTheLoss();
        _storage.Continuity.Accept();

        var read = await Read(Alice);
        Assert.Equal("first", read.State!.Text);
        await Write(Alice, "second", read.ETag);
        Assert.Equal("second", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task FailOver_WhenTheLastTransactionsAreLost_RefusesReadsAndWritesUntilItIsAccepted()
    {
        var kept = await Write(Alice, "kept");
        await _pair.HoldShipping();
        var lost = await Write(Alice, "lost", kept.ETag);
        await Write(Bob, "lost too");

        await _pair.FailOver();
        await WaitForTheLoss();

        await Assert.ThrowsAsync<StorageReadFailedException>(() => Read(Alice));
        Assert.False((await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(Alice, "third", lost.ETag))).OutcomeUnknown);
        Assert.Contains("timeline", _storage.Continuity.Loss, StringComparison.Ordinal);
        _storage.Continuity.Accept();
        var (alice, bob) = (await Read(Alice), await Read(Bob));
        Assert.Equal("kept", alice.State!.Text);
        Assert.False(bob.RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "third", lost.ETag));
        Assert.Equal("kept", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task FailOver_WhenAStateWasReadBefore_IsNotWrittenThoughItsVersionIsThereAgain()
    {
        var kept = await Write(Alice, "kept");
        await _pair.HoldShipping();
        var lost = await Write(Alice, "lost", kept.ETag);
        await _pair.FailOver();
        await WaitForTheLoss();
        _storage.Continuity.Accept();
        await Write(Alice, "instead", (await Read(Alice)).ETag);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "third", lost.ETag));

        Assert.Equal("instead", (await Read(Alice)).State!.Text);
    }

    private async Task<GrainState<Note>> Write(GrainId grain, string text, string? etag = null)
    {
        var state = new GrainState<Note>(new Note { Text = text }, etag);
        await _storage.Storage.WriteStateAsync("note", grain, state);
        return state;
    }

    private async Task WaitForTheLoss()
    {
        await Assert.ThrowsAsync<StorageReadFailedException>(() => Read(Alice));
        Assert.True(_storage.Continuity.WhenLostAsync().IsCompletedSuccessfully);
    }

    private async Task<GrainState<Note>> Read(GrainId grain)
    {
        var state = new GrainState<Note>();
        await _storage.Storage.ReadStateAsync("note", grain, state);
        return state;
    }
}
