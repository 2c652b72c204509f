using Banking.Storage.Tests.Cluster;

namespace Banking.Storage.Tests.Sqlite;

public sealed class SqliteClusterTests : ClusterContract
{
    private readonly TemporaryFolder _folder = new();

    protected override Task<Action<ISiloBuilder>> Open() =>
        Task.FromResult<Action<ISiloBuilder>>(silo => silo.AddSqliteGrainStorageAsDefault(options =>
    {
        options.Path = _folder.File("grains.db");
        options.MarkPending<CounterState>(state => state.Value % 2 == 1);
    }));

    protected override ValueTask Close()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
