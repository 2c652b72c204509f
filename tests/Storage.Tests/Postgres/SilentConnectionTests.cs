using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Npgsql;

namespace Banking.Storage.Tests.Postgres;

/// <summary>
/// A database that neither answers nor refuses: it stands still, or packets to and from it are dropped. With the default time-outs, which
/// are what is tested.
/// </summary>
public sealed class SilentConnectionTests : IAsyncLifetime
{
    /// <summary>
    /// What a caller may wait for writing, and then reading what became of it: the 10 s that are promised, and what a busy machine takes.
    /// </summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(13);

    private static readonly GrainId Alice = GrainId.Create("note", "alice");
    private PostgresServer _server = null!;
    private CuttingProxy _proxy = null!;
    private StorageUnderTest _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await Databases.OwnServer();
        _proxy = new CuttingProxy(_server.ListeningPort);
        _storage = await Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        if (_proxy is not null) await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteAndRead_WhenNothingIsAnswered_FailInTimeAndSayWhatIsKnown(bool standsStill)
    {
        var etag = (await Write("first")).ETag;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Read()));
        if (standsStill) await _server.Pause();
        else _proxy.DropEverything();

        var began = TimeProvider.System.GetTimestamp();
        var lost = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("second", etag));
        await Assert.ThrowsAsync<StorageReadFailedException>(Read);
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        Assert.True(elapsed < Bound, $"It took {elapsed}.");
        Assert.True(lost.OutcomeUnknown);

        // Nothing of these is sent: the first takes an attempt to connect, and so does each page of the index.
        began = TimeProvider.System.GetTimestamp();
        var later = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("third", etag));
        await Assert.ThrowsAsync<StorageReadFailedException>(
            () => _storage.Index.ListKeysAsync("note", after: null, limit: 10, TestContext.Current.CancellationToken));
        elapsed = TimeProvider.System.GetElapsedTime(began);
        Assert.True(elapsed < Bound, $"It took {elapsed}.");
        Assert.False(later.OutcomeUnknown);

        if (standsStill) await _server.Resume();
        else _proxy.Heal();
        var read = await ReadUntilAnswered();
        Assert.Contains(read.State!.Text, standsStill ? ["first", "second"] : new[] { "first" });
        await WriteUntilAnswered("fourth");
        Assert.Equal("fourth", (await Read()).State!.Text);
    }

    [Fact]
    public async Task WriteAndRead_WhenOnlyOldConnectionsAreDead_GoOnWithNewOnesInTime()
    {
        var etag = (await Write("first")).ETag;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Read()));
        _proxy.ForgetConnections();

        var began = TimeProvider.System.GetTimestamp();
        var lost = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("second", etag));
        var read = await Read();
        await Write("third", read.ETag);
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        Assert.True(elapsed < Bound, $"It took {elapsed}.");
        Assert.True(lost.OutcomeUnknown);
        Assert.Equal("first", read.State!.Text);
    }

    [Fact]
    public async Task WriteAndRead_WhenConnectionsDiedInSilenceWhileTheyWereQuiet_GoOnWithinFiveSecondsAndFailNobody()
    {
        var etag = (await Write("first")).ETag;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Read()));
        var quiet = TimeProvider.System.GetTimestamp();
        _proxy.ForgetConnections();
        await Eventually.True(
            () => TimeProvider.System.GetElapsedTime(quiet) > TimeSpan.FromSeconds(3), "they have been quiet for a while");

        var began = TimeProvider.System.GetTimestamp();
        var reads = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Read()));
        await Write("second", etag);
        var elapsed = TimeProvider.System.GetElapsedTime(began);
        await reads;
        var readIn = TimeProvider.System.GetElapsedTime(began);

        Assert.True(elapsed < TimeSpan.FromSeconds(5), $"The write took {elapsed}.");
        Assert.True(readIn < TimeSpan.FromSeconds(5), $"The reads took {readIn}.");
        Assert.Equal("second", (await Read()).State!.Text);
    }

    [Fact]
    public async Task Start_WhenNothingIsAnswered_GivesUpInTime()
    {
        _proxy.DropEverything();

        var began = TimeProvider.System.GetTimestamp();
        var failure = await Assert.ThrowsAsync<StorageOpenException>(() => Start(TimeSpan.FromSeconds(3)));
        var elapsed = TimeProvider.System.GetElapsedTime(began);

        Assert.True(elapsed < Bound, $"It took {elapsed}.");
        Assert.Contains("can't be used", failure.Message, StringComparison.Ordinal);
    }

    private Task<StorageUnderTest> Start(TimeSpan? timeout = null) => StorageUnderTest.StartPostgres(options =>
    {
        options.ConnectionString = new NpgsqlConnectionStringBuilder(_server.ConnectionString) { Port = _proxy.Port }.ToString();
        options.Writers = 1;
        options.StartTimeout = timeout ?? options.StartTimeout;
    });

    private async Task<GrainState<Note>> Write(string text, string? etag = null)
    {
        var state = new GrainState<Note>(new Note { Text = text }, etag);
        await _storage.Storage.WriteStateAsync("note", Alice, state);
        return state;
    }

    private async Task<GrainState<Note>> Read()
    {
        var state = new GrainState<Note>();
        await _storage.Storage.ReadStateAsync("note", Alice, state);
        return state;
    }

    private async Task<GrainState<Note>> ReadUntilAnswered()
    {
        GrainState<Note>? read = null;
        await Eventually.True(
            async () =>
            {
                try
                {
                    read = await Read();
                    return true;
                }
                catch (StorageReadFailedException)
                {
                    return false;
                }
            },
            "the database is read again");
        return read!;
    }

    // A server that stood still may do what it was asked before, after the reading.
    private Task WriteUntilAnswered(string text) => Eventually.True(
        async () =>
        {
            try
            {
                await Write(text, (await Read()).ETag);
                return true;
            }
            catch (Exception e) when (e is StorageWriteFailedException or Orleans.Storage.InconsistentStateException)
            {
                return false;
            }
        },
        "the database is written again");
}
