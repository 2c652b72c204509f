using Orleans.Storage;

namespace Banking.Storage.Tests.Contract;

/// <summary>What a grain storage must do, whatever its database. After the tests that Orleans publishes for its providers.</summary>
public abstract partial class GrainStorageContract : IAsyncLifetime
{
    private static readonly GrainId Alice = GrainId.Create("note", "alice");

    private IGrainStorage Storage { get; set; } = null!;

    /// <summary>A key of so many bytes is nothing unusual to the storage.</summary>
    protected abstract int MostKeyBytes { get; }

    protected abstract Task<IGrainStorage> Open();

    protected abstract ValueTask Close();

    public async ValueTask InitializeAsync() => Storage = await Open();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Close();
    }

    [Fact]
    public async Task Read_WhenNothingWasWritten_GivesNewStateWithoutETag()
    {
        var read = await Read(Alice);

        Assert.False(read.RecordExists);
        Assert.Null(read.ETag);
        Assert.Equal("", read.State!.Text);
    }

    [Fact]
    public async Task Read_WhenWritten_GivesStateAndETag()
    {
        var written = await Write(Alice, "hello");

        var read = await Read(Alice);

        Assert.True(read.RecordExists);
        Assert.Equal("hello", read.State!.Text);
        Assert.NotNull(read.ETag);
        Assert.Equal(written.ETag, read.ETag);
    }

    [Fact]
    public async Task Write_WhenRepeatedWithItsOwnETag_SucceedsWithANewETagEachTime()
    {
        var state = await Write(Alice, "0");
        var etags = new HashSet<string> { state.ETag! };

        for (var i = 1; i <= 10; i++)
        {
            state.State!.Text = $"{i}";
            await Storage.WriteStateAsync("state", Alice, state);
            etags.Add(state.ETag!);
        }

        Assert.Equal(11, etags.Count);
        Assert.Equal("10", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task Write_WhenETagIsStale_ConflictsAndKeepsWhatIsStored()
    {
        var stale = await Write(Alice, "first");
        var fresh = await Read(Alice);
        fresh.State!.Text = "second";
        await Storage.WriteStateAsync("state", Alice, fresh);

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("state", Alice, stale));

        Assert.Equal(fresh.ETag, conflict.StoredEtag);
        Assert.Equal(stale.ETag, conflict.CurrentEtag);
        Assert.Equal("second", (await Read(Alice)).State!.Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("not-an-etag")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999")]
    public async Task Write_WhenRowExistsAndETagIsNotItsOwn_Conflicts(string? etag)
    {
        await Write(Alice, "first");

        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "second", etag));

        Assert.Equal("first", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task Write_WhenRowIsMissingAndETagIsGiven_Conflicts()
    {
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "text", "1"));

        Assert.False((await Read(Alice)).RecordExists);
    }

    [Fact]
    public async Task Clear_WhenWritten_ForgetsStateButNotVersion()
    {
        var state = await Write(Alice, "hello");

        await Storage.ClearStateAsync("state", Alice, state);

        var read = await Read(Alice);
        Assert.False(state.RecordExists);
        Assert.Equal("", state.State!.Text);
        Assert.False(read.RecordExists);
        Assert.Equal("", read.State!.Text);
        Assert.Equal(state.ETag, read.ETag);
    }

    [Fact]
    public async Task Write_WhenClearedBefore_SucceedsWithTheClearsETag()
    {
        var state = await Write(Alice, "hello");
        await Storage.ClearStateAsync("state", Alice, state);

        state.State!.Text = "again";
        await Storage.WriteStateAsync("state", Alice, state);

        Assert.Equal("again", (await Read(Alice)).State!.Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Write_WhenETagIsFromBeforeAClear_Conflicts(bool writtenAgain)
    {
        var stale = await Write(Alice, "hello");
        var other = await Read(Alice);
        await Storage.ClearStateAsync("state", Alice, other);
        if (writtenAgain) await Storage.WriteStateAsync("state", Alice, other);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("state", Alice, stale));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "never seen", etag: null));
    }

    [Fact]
    public async Task Clear_WhenETagIsStale_ConflictsAndKeepsWhatIsStored()
    {
        var stale = await Write(Alice, "first");
        await Write(Alice, "second", stale.ETag);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("state", Alice, stale));

        Assert.Equal("second", (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task Clear_WhenRepeated_Succeeds()
    {
        var state = await Write(Alice, "hello");

        await Storage.ClearStateAsync("state", Alice, state);
        await Storage.ClearStateAsync("state", Alice, state);

        Assert.False((await Read(Alice)).RecordExists);
    }

    [Fact]
    public async Task Clear_WhenNothingWasWritten_LeavesNothing()
    {
        var state = await Read(Alice);

        await Storage.ClearStateAsync("state", Alice, state);

        Assert.Null(state.ETag);
        Assert.Null((await Read(Alice)).ETag);
    }

    [Fact]
    public async Task Write_WhenManyRaceForOneRow_ExactlyOneWins()
    {
        var etag = (await Write(Alice, "start")).ETag;

        var attempts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => TryWrite(Alice, $"{i}", etag))));

        var winner = Assert.Single(attempts, text => text is not null);
        Assert.Equal(winner, (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task Write_WhenManyRaceToCreateOneRow_ExactlyOneWins()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(() => TryWrite(Alice, $"{i}", etag: null))));

        var winner = Assert.Single(attempts, text => text is not null);
        Assert.Equal(winner, (await Read(Alice)).State!.Text);
    }

    [Fact]
    public async Task Write_WhenManyGrainsWriteAtOnce_EachFindsItsOwn()
    {
        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Task.Run(() => Write(GrainId.Create("note", $"{i}"), $"{i}"))));

        for (var i = 0; i < 500; i++) Assert.Equal($"{i}", (await Read(GrainId.Create("note", $"{i}"))).State!.Text);
    }

    [Fact]
    public async Task Write_WhenStateChangesMeanwhile_StoresWhatItWasAtTheCall()
    {
        var state = new GrainState<Note>(new Note { Text = "as it was" });

        var write = Storage.WriteStateAsync("state", Alice, state);
        state.State!.Text = "changed since";
        await write;

        Assert.Equal("as it was", (await Read(Alice)).State!.Text);
    }

    private async Task<GrainState<Note>> Read(GrainId grain, string stateName = "state")
    {
        var state = new GrainState<Note>();
        await Storage.ReadStateAsync(stateName, grain, state);
        return state;
    }

    private async Task<GrainState<Note>> Write(GrainId grain, string text, string? etag = null)
    {
        var state = new GrainState<Note>(new Note { Text = text }, etag);
        await Storage.WriteStateAsync("state", grain, state);
        return state;
    }

    private async Task<string?> TryWrite(GrainId grain, string text, string? etag)
    {
        try
        {
            await Write(grain, text, etag);
            return text;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }
}
