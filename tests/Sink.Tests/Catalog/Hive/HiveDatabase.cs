using Banking.Hive;
using Banking.Lake.Hive;
using Banking.Servers;
using Banking.Sink.Hosting;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>
/// A database and a lake of a test's own on a real metastore, removed afterwards; and the tables in it as the metastore has them.
/// </summary>
internal sealed class HiveDatabase : IAsyncDisposable
{
    private readonly MetastoreConnection _metastore;

    private HiveDatabase(string metastore)
    {
        Address = MetastoreAddress.TryParse("thrift://" + metastore)!;

        // Dropping a database is slow where many tests do so at once.
        _metastore = new MetastoreConnection(
            Address, MetastoreTimeouts.Default with { Request = TimeSpan.FromMinutes(1) }, TimeProvider.System);
    }

    public IReadOnlyList<MetastoreAddress> Address { get; }

    public string Name { get; } = $"test_{Guid.NewGuid():N}";

    /// <summary>On the metastore's default file system.</summary>
    public string Root => $"/tests/{Name}";

    public static async Task<HiveDatabase> OpenAsync() => new(await RealServers.Metastore());

    /// <param name="location">The lake's URL; null for the path alone.</param>
    public HiveLakeCatalog Catalog(string? location = null) => new(
        new MetastoreConnection(
            Address, MetastoreTimeouts.Default,
            TimeProvider.System), Name, LakeCatalogs.LocationOf($"webhdfs://localhost{Root}", location), TimeProvider.System);

    public Task<Table> TableAsync(string name) =>
        CallAsync(async (client, token) => (await client.get_table_req(new() { DbName = Name, TblName = name }, token)).Table!);

    public Task<Partition> PartitionAsync(string table, string day) =>
        CallAsync((client, token) => client.get_partition(Name, table, [day], token));

    public Task CreateAsync(Table table) => CallAsync(async (client, token) =>
    {
        await client.create_table_with_environment_context(table, new(), token);
        return true;
    });

    /// <summary>Removes no file.</summary>
    public Task DropPartitionAsync(string table, string day) =>
        CallAsync((client, token) => client.drop_partition(Name, table, [day], deleteData: false, token));

    /// <summary>Removes no file.</summary>
    public Task DropTableAsync(string table) => CallAsync(async (client, token) =>
    {
        await client.drop_table(Name, table, deleteData: false, token);
        return true;
    });

    public async ValueTask DisposeAsync()
    {
        try
        {
            await CallAsync(async (client, token) =>
            {
                await client.drop_database(Name, deleteData: true, cascade: true, token);
                return true;
            });
        }
        catch (NoSuchObjectException)
        {
        }

        _metastore.Dispose();
        await new HdfsFolder(await RealServers.WebHdfs(), Root).DisposeAsync();
    }

    private Task<T> CallAsync<T>(Func<ThriftHiveMetastore.Client, CancellationToken, Task<T>> call) =>
        _metastore.CallAsync("test", call, CancellationToken.None);
}
