using Banking.Hive;
using Banking.Lake.Tables;

namespace Banking.Lake.Hive;

/// <summary>A lake table as Hive describes it, and how an existing table compares with it. Pure.</summary>
internal static class HiveTables
{
    public const string External = "EXTERNAL_TABLE";

    /// <summary>Keeps the metastore from listing folders for statistics, which the next file would make wrong.</summary>
    public const string NoStatistics = "DO_NOT_UPDATE_STATS";

    private const string Parquet = "org.apache.hadoop.hive.ql.io.parquet.";
    private const string SerDe = Parquet + "serde.ParquetHiveSerDe";

    public static Table Create(LakeTable table, string database, string location, DateTimeOffset now) => new()
    {
        TableName = table.Name,
        DbName = database,
        Owner = "banking",
        OwnerType = PrincipalType.USER,
        CreateTime = (int)now.ToUnixTimeSeconds(),
        TableType = External,
        Parameters = new()
        {
            // The type alone does not make a table external: Hive goes by this parameter.
            ["EXTERNAL"] = "TRUE",
            ["parquet.compression"] = "SNAPPY",
            [NoStatistics] = "true",
        },
        PartitionKeys = [new FieldSchema { Name = LakeTables.DayColumn, Type = "string", Comment = "the day (UTC)" }],
        Sd = new StorageDescriptor
        {
            Cols = [.. table.Columns.Select(Column)],
            Location = location,
            InputFormat = Parquet + "MapredParquetInputFormat",
            OutputFormat = Parquet + "MapredParquetOutputFormat",
            NumBuckets = -1,
            SerdeInfo =
                new SerDeInfo { Name = table.Name, SerializationLib = SerDe, Parameters = new() { ["serialization.format"] = "1" } },
            BucketCols = [],
            SortCols = [],
            Parameters = [],
        },
    };

    /// <returns>A sentence saying why an existing table is not ours; null if it is.</returns>
    public static string? ProblemOf(Table found, LakeTable table, LakeLocation lake)
    {
        var name = $"The table {found.DbName}.{found.TableName} is not the lake's and is left alone";
        if (found.TableType != External) return $"{name}: it is a {found.TableType}, not an {External}.";
        var location = found.Sd?.Location ?? "";
        if (lake.RootOf(location, table.Name) is null) return $"{name}: it lies in {location}, not in {lake.FolderOf(table.Name)}.";
        if (found.Sd!.SerdeInfo?.SerializationLib != SerDe)
        {
            return $"{name}: its files are read with {found.Sd.SerdeInfo?.SerializationLib}, not as Parquet.";
        }
        if (found.PartitionKeys is not [{ Name: LakeTables.DayColumn, Type: "string" }])
        {
            return $"{name}: it is not partitioned by {LakeTables.DayColumn} string alone.";
        }
        foreach (var column in table.Columns)
        {
            var there = found.Sd.Cols!.Find(c => c.Name == column.Name);
            if (there is not null && there.Type != column.SqlType)
            {
                return $"{name}: its column {column.Name} is {there.Type}, not {column.SqlType}.";
            }
        }

        return null;
    }

    /// <summary>The columns that an older table of ours lacks, in order.</summary>
    public static IReadOnlyList<FieldSchema> MissingColumns(Table found, LakeTable table) =>
        [.. table.Columns.Where(column => !found.Sd!.Cols!.Exists(c => c.Name == column.Name)).Select(Column)];

    /// <param name="table">The table as the metastore has it: a partition begins with its table's columns.</param>
    public static Partition CreatePartition(
        Table table, string day, string location, IReadOnlyDictionary<string, string> parameters, DateTimeOffset now)
    {
        var partition = new Partition
        {
            Values = [day],
            DbName = table.DbName,
            TableName = table.TableName,
            CreateTime = (int)now.ToUnixTimeSeconds(),
            Sd = table.Sd!.DeepCopy(),
            Parameters = new(parameters) { [NoStatistics] = "true" },
        };
        partition.Sd!.Location = location;
        return partition;
    }

    private static FieldSchema Column(LakeColumn column) => new() { Name = column.Name, Type = column.SqlType };
}
