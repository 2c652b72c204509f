using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;

namespace Banking.Storage.Tests.Postgres;

public sealed class PostgresIndexTests : GrainIndexContract
{
    private string? _database;

    private protected override async Task<StorageUnderTest> Open(TimeProvider time)
    {
        _database = await Databases.Create();
        return await StorageUnderTest.StartPostgres(
            options =>
            {
                options.ConnectionString = _database;
                options.MarkPending<Note>(note => note.IsUnread);
            },
            time);
    }

    protected override async ValueTask Close() => await Databases.Drop(_database!);
}
