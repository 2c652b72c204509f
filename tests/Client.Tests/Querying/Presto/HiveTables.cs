using Banking.Client.Querying;
using Banking.Servers;

namespace Banking.Client.Tests.Querying.Presto;

/// <summary>
/// A lake's files on a real HDFS, described as tables in a database of its own by the real Presto. All is gone when the test is.
/// </summary>
internal sealed class HiveTables : IAsyncDisposable
{
    private readonly HdfsFolder _lake;
    private readonly string _hdfs;

    private HiveTables(Uri presto, string webHdfs, string hdfs) => (Presto, _lake, _hdfs) = (presto, new HdfsFolder(webHdfs, Folder), hdfs);

    public Uri Presto { get; }

    public string Schema { get; } = $"client_{Guid.NewGuid():N}";

    /// <summary>What the client needs to ask for these tables.</summary>
    public string[] Options => ["--presto", Presto.ToString(), "--presto-schema", Schema];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Folder => "/tests/" + Schema;

    /// <summary>Makes the database with the lake's four tables, which are empty.</summary>
    public static async Task<HiveTables> CreateAsync()
    {
        var tables = new HiveTables(new Uri(await RealServers.Presto()), await RealServers.WebHdfs(), await RealServers.Hdfs());
        try
        {
            await tables.ExecuteAsync($"CREATE SCHEMA hive.{tables.Schema}");
            foreach (var (name, columns) in LakeViews.All) await tables.CreateAsync(name, columns);
            return tables;
        }
        catch
        {
            await tables.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes one more table, of columns as DuckDB names their types, the partition column last.</summary>
    public async Task CreateAsync(string name, string columns)
    {
        await _lake.MakeFolder(name);
        await ExecuteAsync(
            $"CREATE TABLE hive.{Schema}.{name} ({columns}) WITH (external_location = '{_hdfs}{Folder}/{name}', format = 'PARQUET', "
                + "partitioned_by = ARRAY['dt'])");
    }

    /// <summary>Copies a lake's tables from a folder, and has their days known.</summary>
    public async Task CopyAsync(string lake)
    {
        // Names that begin with _ are the sink's.
        foreach (var table in Directory.EnumerateDirectories(lake).Select(folder => Path.GetFileName(folder)).Where(name => name[0] != '_'))
        {
            foreach (var file in Directory.EnumerateFiles(Path.Combine(lake, table), "*", SearchOption.AllDirectories))
            {
                await _lake.CopyFrom(file, Path.GetRelativePath(lake, file));
            }

            await ExecuteAsync($"CALL hive.system.sync_partition_metadata('{Schema}', '{table}', 'FULL')");
        }
    }

    /// <summary>Has the tables hold what is in a folder, and nothing else.</summary>
    public async Task ReplaceAsync(string lake)
    {
        foreach (var (name, _) in LakeViews.All)
        {
            await _lake.Remove(name);
            await _lake.MakeFolder(name);
            await ExecuteAsync($"CALL hive.system.sync_partition_metadata('{Schema}', '{name}', 'FULL')");
        }

        await CopyAsync(lake);
    }

    public Task ExecuteAsync(string sql) => PrestoRun.ExecuteAsync(Presto, sql, Token);

    public async ValueTask DisposeAsync()
    {
        foreach (var (name, _) in LakeViews.All)
        {
            await PrestoRun.ExecuteAsync(Presto, $"DROP TABLE IF EXISTS hive.{Schema}.{name}", CancellationToken.None);
        }
        await PrestoRun.ExecuteAsync(Presto, $"DROP TABLE IF EXISTS hive.{Schema}.{TypedTable.Name}", CancellationToken.None);
        await PrestoRun.ExecuteAsync(Presto, $"DROP SCHEMA IF EXISTS hive.{Schema}", CancellationToken.None);
        await _lake.DisposeAsync();
    }
}
