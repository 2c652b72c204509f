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
            options.ReconnectPatience = TimeSpan.FromMinutes(1);
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        await _pair.DisposeAsync();
    }

    [Fact]
    public async Task FailOver_WhenTheReplicaHadEverything_LosesNothing()
    {
        var written = await Write(Alice, "first");
        await _pair.HoldShipping();

        await _pair.FailOver();

        var read = await Read(Alice);
        Assert.Equal(("first", written.ETag), (read.State!.Text, read.ETag));
        await WriteUntilAnswered(Alice, "second", read.ETag);
        Assert.Equal("second", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task FailOver_WhenTheLastTransactionsAreLost_ShowsThemAsOlderVersionsAndRefusesWritesThatRestOnThem()
    {
        var kept = await Write(Alice, "kept");
        await _pair.HoldShipping();
        var lost = await Write(Alice, "lost", kept.ETag);
        await Write(Bob, "lost too");

        await _pair.FailOver();

        var (alice, bob) = (await Read(Alice), await Read(Bob));
        Assert.Equal(("kept", kept.ETag), (alice.State!.Text, alice.ETag));
        Assert.False(bob.RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteUntilAnswered(Alice, "third", lost.ETag));
        Assert.Equal("kept", (await Read(Alice)).State!.Text);
    }

    private async Task<GrainState<Note>> Write(GrainId grain, string text, string? etag = null)
    {
        var state = new GrainState<Note>(new Note { Text = text }, etag);
        await _storage.Storage.WriteStateAsync("note", grain, state);
        return state;
    }

    // The writer may learn of the death from its first write, which is then not known to have been made: it was not, on a server that is no more.
    private async Task WriteUntilAnswered(GrainId grain, string text, string? etag)
    {
        try
        {
            await Write(grain, text, etag);
        }
        catch (StorageWriteFailedException failure)
        {
            Assert.True(failure.OutcomeUnknown);
            await Write(grain, text, etag);
        }
    }

    private async Task<GrainState<Note>> Read(GrainId grain)
    {
        var state = new GrainState<Note>();
        await _storage.Storage.ReadStateAsync("note", grain, state);
        return state;
    }
}
