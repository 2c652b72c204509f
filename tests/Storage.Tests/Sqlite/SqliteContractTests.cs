using Banking.Storage.Tests.Contract;
using Orleans.Storage;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteContractTests : GrainStorageContract
{
    private readonly TemporaryFolder _folder = new();
    private StorageUnderTest? _storage;

    protected override int MostKeyBytes => 4_000;

    protected override async Task<IGrainStorage> Open()
    {
        _storage = await StorageUnderTest.Start(_folder.File("grains.db"));
        return _storage.Storage;
    }

    protected override async ValueTask Close()
    {
        if (_storage is not null) await _storage.DisposeAsync();
        _folder.Dispose();
    }
}
