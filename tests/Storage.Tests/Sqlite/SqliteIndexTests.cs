using Banking.Storage.Sqlite;
using Banking.Storage.Tests.Contract;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteIndexTests : GrainIndexContract
{
    private readonly TemporaryFolder _folder = new();

    private protected override Task<StorageUnderTest> Open(TimeProvider time) => StorageUnderTest.Start(
        options =>
        {
            options.Path = _folder.File("grains.db");
            options.Durability = SqliteDurability.ProcessCrash;
            options.MarkPending<Note>(note => note.IsUnread);
        },
        time);

    protected override ValueTask Close()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
