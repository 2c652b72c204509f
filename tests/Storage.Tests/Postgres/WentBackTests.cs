using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Npgsql;
using Orleans.Storage;

namespace Banking.Storage.Tests.Postgres;

/// <summary>A database that is put back under connections that stay open.</summary>
public sealed class WentBackTests : IAsyncLifetime
{
    private static readonly GrainId Alice = GrainId.Create("note", "alice");
    private static readonly GrainId Bob = GrainId.Create("note", "bob");
    private string _database = null!;
    private StorageUnderTest _storage = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.Create();
        _storage = await Start();
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await Databases.Drop(_database);
    }

    [Theory]
    [InlineData("UPDATE grain_storage.writer SET n = n - 1")]
    [InlineData("DELETE FROM grain_storage.writer")]
    [InlineData("TRUNCATE grain_storage.writer")]
    [InlineData("DROP SCHEMA grain_storage CASCADE")]
    public async Task Write_WhenTheDatabaseWasPutBack_WritesNothingAndSaysSo(string putBack)
    {
        var written = await Write(Alice, "first");
        await Databases.Execute(_database, putBack);

        var failure = await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(Alice, "second", written.ETag));

        Assert.False(failure.OutcomeUnknown);
        Assert.IsType<StorageWentBackException>(failure.InnerException);
        Assert.Contains("went back", failure.Message, StringComparison.Ordinal);
        Assert.True(_storage.Continuity.WhenLostAsync().IsCompletedSuccessfully);
        await Assert.ThrowsAsync<StorageReadFailedException>(() => Read(Alice));
        await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(Bob, "new"));
        if (!putBack.StartsWith("DROP", StringComparison.Ordinal))
        {
            Assert.Equal(1L, await Ask("SELECT version FROM grain_storage.grain_state"));
        }
    }

    [Fact]
    public async Task Write_WhenOnlyAnotherWritersTransactionsAreLost_WritesNothing()
    {
        await using var other = await Start(writers: 2);
        for (var i = 0; i < 20; i++) await Task.WhenAll(
            Write(GrainId.Create("note", $"a{i}"), "x", storage: other), Write(GrainId.Create("note", $"b{i}"), "x", storage: other));
        await Databases.Execute(
            _database, "DELETE FROM grain_storage.writer WHERE n = (SELECT min(n) FROM grain_storage.writer WHERE n > 0)");

        var failures = await Task.WhenAll(
            Enumerable.Range(0, 8)
                .Select(i => Record.ExceptionAsync(() => Write(GrainId.Create("note", $"c{i}"), "x", storage: other)).AsTask()));

        Assert.All(failures, failure => Assert.IsType<StorageWriteFailedException>(failure));
    }

    [Fact]
    public async Task Accept_WhenTheDatabaseWasPutBack_ReadsAndWritesWhatIsThere()
    {
        var written = await Write(Alice, "first");
        await Databases.Execute(_database, "DELETE FROM grain_storage.writer");
        await Assert.ThrowsAsync<StorageWriteFailedException>(() => Write(Alice, "second", written.ETag));

        _storage.Continuity.Accept();

        Assert.Null(_storage.Continuity.Loss);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(Alice, "from before", written.ETag));
        var read = await Read(Alice);
        Assert.Equal("first", read.State!.Text);
        await Write(Alice, "second", read.ETag);
        Assert.Equal("second", (await Read(Alice)).State!.Text);
        Assert.False(_storage.Continuity.WhenLostAsync().IsCompleted);
    }

    [Fact]
    public async Task Start_WhenTheSchemaIsOfAnEarlierBuild_GoesOnWithIt()
    {
        var written = await Write(Alice, "first");
        await _storage.Stop();
        await Databases.Execute(_database, "DROP TABLE grain_storage.writer; UPDATE grain_storage.schema_version SET version = 1");

        await using var later = await Start();
        await Write(Alice, "second", written.ETag, later);

        Assert.Equal(2L, await Ask("SELECT version FROM grain_storage.grain_state"));
    }

    private Task<StorageUnderTest> Start(int writers = 1) =>
        StorageUnderTest.StartPostgres(options => (options.ConnectionString, options.Writers) = (_database, writers));

    private async Task<GrainState<Note>> Write(GrainId grain, string text, string? etag = null, StorageUnderTest? storage = null)
    {
        var state = new GrainState<Note>(new Note { Text = text }, etag);
        await (storage ?? _storage).Storage.WriteStateAsync("note", grain, state);
        return state;
    }

    private async Task<GrainState<Note>> Read(GrainId grain)
    {
        var state = new GrainState<Note>();
        await _storage.Storage.ReadStateAsync("note", grain, state);
        return state;
    }

    private async Task<object?> Ask(string sql)
    {
        await using var connection = new NpgsqlConnection(_database + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
