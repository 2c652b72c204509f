using Banking.Hive;
using Banking.Lake.Hive;
using Banking.Lake.Tables;
using Banking.Sink.Hosting;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>Which tables are the lake's.</summary>
public sealed class HiveTablesTests
{
    private static readonly LakeTable Cash = LakeTables.CashTransactions;
    private static readonly LakeLocation Lake = LakeCatalogs.LocationOf("webhdfs://host/banking", null);

    [Fact]
    public void ProblemOf_WhenItIsAsWeMakeIt_ThenNone() => Assert.Null(HiveTables.ProblemOf(Ours(), Cash, Lake));

    [Fact]
    public void ProblemOf_WhenItIsManaged_ThenSaysSo() =>
        Assert.Contains("it is a MANAGED_TABLE", Problem(t => t.TableType = "MANAGED_TABLE"), StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_WhenItLiesElsewhere_ThenSaysWhere() =>
        Assert.Contains(
            "it lies in hdfs://nn/tmp/cash, not in /banking/cash_transactions", Problem(t => t.Sd!.Location = "hdfs://nn/tmp/cash"),
            StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_WhenItIsText_ThenSaysSo() =>
        Assert.Contains("not as Parquet", Problem(t => t.Sd!.SerdeInfo!.SerializationLib = "LazySimpleSerDe"), StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_WhenItHasNoDays_ThenSaysSo() =>
        Assert.Contains("not partitioned by dt string alone", Problem(t => t.PartitionKeys = []), StringComparison.Ordinal);

    [Fact]
    public void ProblemOf_WhenAColumnIsOfAnotherType_ThenNamesIt() =>
        Assert.Contains(
            "its column amount is double, not decimal(18,2)", Problem(t => t.Sd!.Cols!.Find(c => c.Name == "amount")!.Type = "double"),
            StringComparison.Ordinal);

    [Fact]
    public void MissingColumns_WhenSomeoneAddedOneOfHisOwn_ThenItIsNotCounted()
    {
        var table = Ours();
        table.Sd!.Cols!.RemoveRange(table.Sd.Cols.Count - 2, 2);
        table.Sd.Cols.Add(new FieldSchema { Name = "mine", Type = "string" });

        Assert.Null(HiveTables.ProblemOf(table, Cash, Lake));
        Assert.Equal(["log_partition", "log_offset"], HiveTables.MissingColumns(table, Cash).Select(c => c.Name));
    }

    private static Table Ours() => HiveTables.Create(Cash, "default", "hdfs://nn:9000/banking/cash_transactions", DateTimeOffset.UnixEpoch);

    private static string? Problem(Action<Table> change)
    {
        var table = Ours();
        change(table);
        return HiveTables.ProblemOf(table, Cash, Lake);
    }
}
