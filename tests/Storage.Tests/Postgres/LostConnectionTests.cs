using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Npgsql;
using Orleans.Storage;

namespace Banking.Storage.Tests.Postgres;

/// <summary>What a storage says of a write whose connection is cut, and how it goes on.</summary>
public sealed class LostConnectionTests : IAsyncLifetime
{
    private static readonly GrainId Alice = GrainId.Create("note", "alice");
    private string _database = null!;
    private CuttingProxy _proxy = null!;
    private StorageUnderTest _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        _proxy = new CuttingProxy(new NpgsqlConnectionStringBuilder(_database).Port);
        _storage = await Start(writers: 1, TimeSpan.FromSeconds(20));
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await _proxy.DisposeAsync();
        await Databases.Drop(_database);
    }

    [Fact]
    public async Task Write_WhenCutBeforeTheCommit_SaysThatTheOutcomeIsUnknownAndNothingIsWritten()
    {
        var state = await Write("first");
        var etag = state.ETag;
        _proxy.CutBeforeNextRequest();

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("second", etag));

        Assert.True(failure.OutcomeUnknown);
        var read = await Read();
        Assert.Equal(("first", etag), (read.State!.Text, read.ETag));
        await Write("third", read.ETag);
        Assert.Equal("third", (await Read()).State!.Text);
    }

    [Fact]
    public async Task Write_WhenCutAfterTheCommit_SaysThatTheOutcomeIsUnknownAndItIsWritten()
    {
        var etag = (await Write("first")).ETag;
        _proxy.CutBeforeNextAnswer();

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("second", etag));

        Assert.True(failure.OutcomeUnknown);
        var read = await Read();
        Assert.Equal("second", read.State!.Text);
        Assert.NotEqual(etag, read.ETag);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("third", etag));
    }

    [Fact]
    public async Task Create_WhenCutAfterTheCommit_MeetsItselfAtTheNextAttempt()
    {
        await _storage.Storage.WriteStateAsync("note", GrainId.Create("note", "bob"), new GrainState<Note>(new Note()));
        _proxy.CutBeforeNextAnswer();

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write("first"));

        Assert.True(failure.OutcomeUnknown);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("again"));
        Assert.Equal("first", (await Read()).State!.Text);
    }

    [Fact]
    public async Task Write_WhenTheDatabaseIsAwayForTooLong_FailsAndSaysThatNothingWasWritten()
    {
        await using var impatient = await Start(writers: 2, TimeSpan.Zero);
        _proxy.CutEverything();

        var failures = new List<StorageWriteFailedException>();
        for (var i = 0; i < 3; i++)
        {
            failures.Add(await Assert.ThrowsAsync<StorageWriteFailedException>(
                () => impatient.Storage.WriteStateAsync("note", Alice, new GrainState<Note>(new Note { Text = "lost" }))));
        }

        // The connection was never made, or was lost before: either way nothing was sent.
        Assert.All(failures, failure => Assert.False(failure.OutcomeUnknown));
        Assert.All(failures, failure => Assert.Contains("could not write", failure.Message, StringComparison.Ordinal));
        Assert.All(failures, failure => Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal));
        _proxy.Heal();
        Assert.False((await Read()).RecordExists);
    }

    [Fact]
    public async Task Read_WhenConnectionsWereCut_IsRepeated()
    {
        await Write("first");
        await Read();
        _proxy.CutBeforeNextRequest();

        var read = await Read();

        Assert.Equal("first", read.State!.Text);
    }

    [Fact]
    public async Task Read_WhenTheDatabaseIsAwayForTooLong_SaysSo()
    {
        await using var impatient = await Start(writers: 1, TimeSpan.Zero);
        _proxy.CutEverything();

        var failure = await Assert.ThrowsAsync<StorageReadFailedException>(
            () => impatient.Storage.ReadStateAsync("note", Alice, new GrainState<Note>()));

        Assert.Contains("could not be read", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conflict_WhenCutWhileItsVersionIsAskedFor_IsAConflictAllTheSame()
    {
        var etag = (await Write("first")).ETag;
        await Write("second", etag);
        var attempts = 0;

        // The commit is the first answer, the version the second.
        _proxy.CutBeforeNextAnswer(passing: 1);
        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() =>
        {
            attempts++;
            return Write("third", etag);
        });

        Assert.Equal(1, attempts);
        Assert.Equal(etag, conflict.CurrentEtag);
        Assert.Equal("second", (await Read()).State!.Text);
    }

    private Task<StorageUnderTest> Start(int writers, TimeSpan timeout) => StorageUnderTest.StartPostgres(options =>
    {
        options.ConnectionString = new NpgsqlConnectionStringBuilder(_database) { Port = _proxy.Port, Password = "hidden" }.ToString();
        options.Writers = writers;
        options.ReconnectTimeout = timeout;
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
}
