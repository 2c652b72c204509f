using Banking.Servers.PostgreSql;
using Banking.Storage.Tests.Cluster;

namespace Banking.Storage.Tests.Postgres;

public sealed class PostgresClusterTests : ClusterContract
{
    private string? _database;

    protected override async Task<Action<ISiloBuilder>> Open()
    {
        var database = _database = await Databases.Create();
        return silo => silo.AddPostgresGrainStorageAsDefault(options =>
        {
            options.ConnectionString = database;
            options.MarkPending<CounterState>(state => state.Value % 2 == 1);
        });
    }

    protected override async ValueTask Close() => await Databases.Drop(_database!);
}
