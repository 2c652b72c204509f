using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Banking.Storage.Tests.Postgres;

public sealed class PostgresStartTests : IAsyncLifetime
{
    private string _database = null!;

    public async ValueTask InitializeAsync() => _database = await Databases.Create();

    public async ValueTask DisposeAsync() => await Databases.Drop(_database);

    [Fact]
    public async Task Start_WhenManySilosStartAtOnce_ThenAllFindTheSameTables()
    {
        var storages = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Start())));

        var state = new GrainState<Note>(new Note { Text = "from the first" });
        await storages[0].Storage.WriteStateAsync("note", GrainId.Create("note", "a"), state);
        var read = new GrainState<Note>();
        await storages[7].Storage.ReadStateAsync("note", GrainId.Create("note", "a"), read);
        Assert.Equal("from the first", read.State!.Text);
        foreach (var storage in storages) await storage.DisposeAsync();
    }

    [Fact]
    public async Task Write_WhenTransactionsAreSerializableByDefault_IsReadCommittedAllTheSame()
    {
        var name = new NpgsqlConnectionStringBuilder(_database).Database;
        await Databases.Execute(_database, $"ALTER DATABASE {name} SET default_transaction_isolation TO 'serializable'");
        var storages = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Start())));
        await Databases.Execute(
            _database,
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'the transaction is %', current_setting('transaction_isolation'); END $$;
            CREATE TRIGGER strict BEFORE INSERT OR UPDATE ON grain_storage.grain_state FOR EACH ROW
            WHEN (current_setting('transaction_isolation') <> 'read committed') EXECUTE FUNCTION refuse()
            """);

        var state = new GrainState<Note>(new Note { Text = "first" });
        await storages[0].Storage.WriteStateAsync("note", GrainId.Create("note", "a"), state);
        await storages[0].Storage.WriteStateAsync("note", GrainId.Create("note", "a"), state);
        var read = new GrainState<Note>();
        await storages[1].Storage.ReadStateAsync("note", GrainId.Create("note", "a"), read);
        foreach (var storage in storages) await storage.DisposeAsync();

        Assert.Equal("first", read.State!.Text);
    }

    [Fact]
    public async Task Start_WhenSchemaIsNewer_SaysSo()
    {
        await (await Start()).DisposeAsync();
        await Databases.Execute(_database, "UPDATE grain_storage.schema_version SET version = 99");

        await FailsToStart("schema version 99; this program knows versions up to 2");
    }

    [Fact]
    public async Task Start_WhenTheTableIsAnotherPrograms_SaysSo()
    {
        await Databases.Execute(_database, "CREATE SCHEMA grain_storage CREATE TABLE grain_state (theirs int)");

        await FailsToStart("of another program");
    }

    [Fact]
    public async Task Start_WhenTheUserMayOnlyReadAndWrite_WorksWithTablesThatAreThere()
    {
        await (await Start()).DisposeAsync();
        var user = $"user_{Guid.NewGuid():N}";
        await Databases.Execute(
            _database,
            $"CREATE ROLE {user} LOGIN; GRANT USAGE ON SCHEMA grain_storage TO {user}; GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN "
                + $"SCHEMA grain_storage TO {user}");
        try
        {
            await using var storage = await Start(
                connectionString: new NpgsqlConnectionStringBuilder(_database) { Username = user }.ToString());

            await storage.Storage.WriteStateAsync("note", GrainId.Create("note", "a"), new GrainState<Note>(new Note()));
        }
        finally
        {
            await Databases.Execute(_database, $"DROP OWNED BY {user}; DROP ROLE {user}");
        }
    }

    [Fact]
    public async Task Start_WhenTheDatabaseDoesNotExist_SaysSoAtOnce()
    {
        var missing = new NpgsqlConnectionStringBuilder(_database) { Database = "nowhere", Password = "hidden" }.ToString();

        var failure = await FailsToStart("database \"nowhere\" does not exist", missing, TimeSpan.FromHours(1));

        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenNobodyListens_SaysSoAfterItsPatience()
    {
        using var port = PortClaim.Take([5432]);
        var nobody = $"Host=127.0.0.1;Port={5432 + port.Shift};Username=bank;Password=hidden;Database=game";

        var failure = await FailsToStart(
            $"PostgreSQL database 'game' at 127.0.0.1:{5432 + port.Shift}", nobody, TimeSpan.FromMilliseconds(200));

        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "grain_storage", 2, "names no Host")]
    [InlineData("Host=h;Pasword=hidden", "grain_storage", 2, "no connection string")]
    [InlineData("Host=h;Pooling=false", "grain_storage", 2, "Pooling")]
    [InlineData("Host=h;Maximum Pool Size=2", "grain_storage", 2, "Maximum Pool Size must be above Writers (2)")]
    [InlineData("Host=h", "Robert'); DROP TABLE students", 2, "Schema must be")]
    [InlineData("Host=h", "grain_storage", 0, "Writers must be 1 to 16")]
    public async Task Start_WhenASettingCannotWork_SaysWhich(string connectionString, string schema, int writers, string sentence)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => StorageUnderTest.StartPostgres(options =>
            (options.ConnectionString, options.Schema, options.Writers) = (connectionString, schema, writers)));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", failure.ToString(), StringComparison.Ordinal);
    }

    private Task<StorageUnderTest> Start(string? connectionString = null, TimeSpan? timeout = null) =>
        StorageUnderTest.StartPostgres(options =>
    {
        options.ConnectionString = connectionString ?? _database;
        options.StartTimeout = timeout ?? options.StartTimeout;
    });

    private async Task<StorageOpenException> FailsToStart(string sentence, string? connectionString = null, TimeSpan? timeout = null)
    {
        var failure = await Assert.ThrowsAsync<StorageOpenException>(() => Start(connectionString, timeout));
        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
        return failure;
    }
}
