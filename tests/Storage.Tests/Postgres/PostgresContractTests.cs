using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Contract;
using Orleans.Storage;

namespace Banking.Storage.Tests.Postgres;

public sealed class PostgresContractTests : GrainStorageContract
{
    private string? _database;
    private StorageUnderTest? _storage;

    protected override int MostKeyBytes => 2_400;

    protected override async Task<IGrainStorage> Open()
    {
        _database = await Databases.Create();
        _storage = await StorageUnderTest.StartPostgres(options => options.ConnectionString = _database);
        return _storage.Storage;
    }

    protected override async ValueTask Close()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        if (_database is not null) await Databases.Drop(_database);
    }
}
