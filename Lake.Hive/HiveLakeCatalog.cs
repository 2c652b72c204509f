using Banking.Hive;
using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Lake.Hive;

/// <summary>The lake's tables as external tables of a Hive metastore, version 2.3 or later.</summary>
internal sealed class HiveLakeCatalog(
    MetastoreConnection metastore, string database, LakeLocation lake, TimeProvider time) : ILakeCatalog, IDisposable
{
    private const int Batch = 100;
    private const int Tries = 3;

    /// <summary>The metastore's interface takes this for "as many as there are".</summary>
    private const short All = -1;

    private static readonly Dictionary<string, string> KeepStatistics = new() { [HiveTables.NoStatistics] = "true" };

    public string Address => metastore.Addresses;

    public async Task EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        if (
            await OrNullAsync(
                $"get_database {database}", (client, token) => client.get_database(database, token), cancellationToken) is not null)
        {
            return;
        }
        var create =
            new Database
            {
                Name = database,
                Description = "The lake of the bank",
                Parameters = [],
                OwnerName = "banking",
                OwnerType = PrincipalType.USER
            };
        await UnlessThereAsync($"create_database {database}", (client, token) => client.create_database(create, token), cancellationToken);
    }

    public async Task<string?> EnsureTableAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var found = await GetTableAsync(table, cancellationToken);
        if (found is null)
        {
            var create = HiveTables.Create(table, database, lake.FolderOf(table.Name), time.GetUtcNow());
            await UnlessThereAsync(
                $"create_table {database}.{table.Name}",
                (client, token) => client.create_table_with_environment_context(create, new() { Properties = KeepStatistics }, token),
                cancellationToken);

            // Whoever created the table, it is checked like one that existed before.
            found = await ExistingTableAsync(table, cancellationToken);
        }

        if (HiveTables.ProblemOf(found, table, lake) is { } problem) return problem;
        var missing = HiveTables.MissingColumns(found, table);
        if (missing.Count == 0) return null;
        found.Sd!.Cols!.AddRange(missing);
        var context = new EnvironmentContext { Properties = new(KeepStatistics) { ["CASCADE"] = "true" } };
        await metastore.CallAsync($"alter_table {database}.{table.Name}", Done((client, token) =>
            client.alter_table_with_environment_context(database, table.Name, found, context, token)), cancellationToken);
        return null;
    }

    public async Task<IReadOnlyDictionary<DateOnly, LakePartition>> ListPartitionsAsync(
        LakeTable table, CancellationToken cancellationToken)
    {
        var names = await FoundAsync(
            $"get_partition_names {database}.{table.Name}", (client, token) =>
                client.get_partition_names(database, table.Name, All, token), cancellationToken);
        var partitions = new Dictionary<DateOnly, LakePartition>();
        if (names.Count == 0) return partitions;
        var root = Root(await ExistingTableAsync(table, cancellationToken), table);
        foreach (var batch in names.Where(name => LakePath.TryParseDayFolder(name, out _)).Chunk(Batch))
        {
            // A partition that was dropped since is not in the answer.
            var found = await FoundAsync(
                $"get_partitions_by_names {database}.{table.Name}",
                (client, token) => client.get_partitions_by_names(database, table.Name, [.. batch], token),
                cancellationToken);
            foreach (var partition in found)
            {
                if (partition.Values is [var text] && LakePath.TryParseDay(text, out var day)) partitions[day] = Describe(partition, root);
            }
        }

        return partitions;
    }

    public async Task AddPartitionsAsync(LakeTable table, IReadOnlyCollection<PartitionPlace> places, CancellationToken cancellationToken)
    {
        if (places.Count == 0) return;
        var existing = await ExistingTableAsync(table, cancellationToken);
        var root = Root(existing, table);
        var now = time.GetUtcNow();
        foreach (var batch in places.OrderBy(place => place.Day).Chunk(Batch))
        {
            var request = new AddPartitionsRequest
            {
                DbName = database,
                TblName = table.Name,
                Parts =
                    [.. batch.Select(place => HiveTables.CreatePartition(existing, LakePath.Day(place.Day), $"{root}/{place.Folder}",
                        place.Parameters, now))],
                IfNotExists = true,
                NeedResult = false,
            };
            await AddAsync(table, request, cancellationToken);
        }
    }

    public async Task<LakePartition?> GetPartitionAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        if (await GetAsync(table, day, cancellationToken) is not { } partition) return null;
        return Describe(partition, Root(await ExistingTableAsync(table, cancellationToken), table));
    }

    public async Task<bool> AlterLocationAsync(
        LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        if (await GetAsync(table, day, cancellationToken) is not { } partition) return false;

        // The location is stored as given: unlike that of a new partition, it is not completed with the default file system.
        partition.Sd!.Location = $"{Root(await ExistingTableAsync(table, cancellationToken), table)}/{folder}";
        partition.Parameters ??= [];
        foreach (var (name, value) in parameters) partition.Parameters[name] = value;
        var context = new EnvironmentContext { Properties = KeepStatistics };
        await metastore.CallAsync($"alter_partition {database}.{LakePath.DayFolder(table, day)}", Done((client, token) =>
            client.alter_partition_with_environment_context(database, table.Name, partition, context, token)), cancellationToken);
        return true;
    }

    public void Dispose() => metastore.Dispose();

    private async Task AddAsync(LakeTable table, AddPartitionsRequest request, CancellationToken cancellationToken)
    {
        var what = $"add_partitions {database}.{table.Name}";
        for (var tries = Tries; ; tries--)
        {
            try
            {
                await FoundAsync(what, (client, token) => client.add_partitions_req(request, token), cancellationToken);
                return;
            }
            catch (AlreadyExistsException e)
            {
                // If somebody else adds the same partition at the same moment, the whole batch fails in spite of ifNotExists. Once the
                // partition exists, it no longer does.
                if (tries == 1) throw new CatalogException($"{what} at {metastore.Current}: {e.Text}", e);
            }
        }
    }

    private string Root(Table existing, LakeTable table) => HiveTables.ProblemOf(existing, table, lake) is { } problem
        ? throw new CatalogException(problem)
        : lake.RootOf(existing.Sd!.Location!, table.Name)!;

    private static LakePartition Describe(Partition partition, string root)
    {
        var location = (partition.Sd?.Location ?? "").TrimEnd('/');
        var folder = location.StartsWith(root + "/", StringComparison.Ordinal) ? location[(root.Length + 1)..] : null;
        return new LakePartition(location, folder, partition.Parameters ?? []);
    }

    private Task<Partition?> GetAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken) => OrNullAsync(
        $"get_partition {database}.{LakePath.DayFolder(table, day)}",
        (client, token) => client.get_partition(database, table.Name, [LakePath.Day(day)], token),
        cancellationToken);

    private async Task<Table?> GetTableAsync(LakeTable table, CancellationToken cancellationToken) =>
        (await OrNullAsync($"get_table {database}.{table.Name}", Get(table), cancellationToken))?.Table;

    private async Task<Table> ExistingTableAsync(LakeTable table, CancellationToken cancellationToken) =>
        (await FoundAsync($"get_table {database}.{table.Name}", Get(table), cancellationToken)).Table!;

    // Not get_table, which metastores no longer have from 4.0.1 on.
    private Func<ThriftHiveMetastore.Client, CancellationToken, Task<GetTableResult>> Get(LakeTable table) =>
        (client, token) => client.get_table_req(new GetTableRequest { DbName = database, TblName = table.Name }, token);

    private async Task<T?> OrNullAsync<T>(
        string what, Func<ThriftHiveMetastore.Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await metastore.CallAsync(what, call, cancellationToken);
        }
        catch (NoSuchObjectException)
        {
            return null;
        }
    }

    private async Task<T> FoundAsync<T>(
        string what, Func<ThriftHiveMetastore.Client, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await metastore.CallAsync(what, call, cancellationToken);
        }
        catch (NoSuchObjectException e)
        {
            throw new CatalogException($"{what} at {metastore.Current}: {e.Text}", e);
        }
    }

    private async Task UnlessThereAsync(
        string what, Func<ThriftHiveMetastore.Client, CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        try
        {
            await FoundAsync(what, Done(call), cancellationToken);
        }
        catch (AlreadyExistsException)
        {
        }
    }

    private static Func<ThriftHiveMetastore.Client, CancellationToken, Task<bool>> Done(
        Func<ThriftHiveMetastore.Client, CancellationToken, Task> call) =>
        async (client, token) =>
        {
            await call(client, token);
            return true;
        };
}
