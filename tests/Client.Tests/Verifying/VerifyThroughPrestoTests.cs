using System.Text.RegularExpressions;
using Banking.Client.Tests.Banks;
using Banking.Client.Tests.Querying.Presto;
using Banking.Client.Verifying;

namespace Banking.Client.Tests.Verifying;

/// <summary>
/// What verify finds in a folder, it finds through a real Presto too, and says it with the same bytes but for where a file is.
/// </summary>
public sealed partial class VerifyThroughPrestoTests(PrestoTables presto) : IClassFixture<PrestoTables>
{
    [Theory]
    [InlineData("missing")]
    [InlineData("last missing")]
    [InlineData("doubled")]
    [InlineData("wrong cash")]
    [InlineData("wrong amount")]
    [InlineData("wrong quantity")]
    [InlineData("negative")]
    [InlineData("stranger")]
    [InlineData("action twice")]
    [InlineData("wrong type")]
    [InlineData("other sequence")]
    [InlineData("stray file")]
    [InlineData("cut file")]
    public async Task Verify_WhenSomethingIsWrong_ThenPrestoFindsTheSame(string corruption)
    {
        var tables = await presto.OpenAsync();
        await using var bank = await AuditedBank.PlayAsync();
        VerifyCommandTests.Spoil(bank, corruption);

        var local = await bank.VerifyAsync("--journal", bank.JournalPath);
        var through = await bank.VerifyAsync(tables, "--journal", bank.JournalPath);

        Assert.Equal((1, ""), (through.ExitCode, through.Error));
        Assert.Equal(local.Out, Place().Replace(through.Out, ""));
    }

    [Fact]
    public async Task Verify_WhenLakeAndBooksAgree_ThenAllIsWell()
    {
        var tables = await presto.OpenAsync();
        await using var bank = await AuditedBank.PlayAsync();

        var run = await bank.VerifyAsync(tables, "--journal", bank.JournalPath);

        Assert.Equal((0, "All is well: 3 accounts, 19 events, 3 files, 22 journaled actions.\n", ""), (run.ExitCode, run.Out, run.Error));
    }

    [Fact]
    public async Task Verify_WhenTheDatabaseHasNoTables_ThenItSaysSo()
    {
        var tables = await presto.OpenAsync();
        await using var bank = await BankServer.StartAsync();

        var run = await CommandRun.OfAsync(
            "verify", "--url", bank.Url.ToString(), "--presto", tables.Presto.ToString(), "--presto-schema", tables.Schema + "_other");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("The table asset_prices can't be read: ", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hdfs://localhost:9000/a b/t/dt=x/note.txt is not a valid Parquet File "
        + "(HIVE_BAD_DATA)", "hdfs://localhost:9000/a b/t/dt=x/note.txt")]
    [InlineData("Not valid Parquet file: hdfs://h/t/c.parquet expected magic number: [80, 65, 82, 49] or [80, 65, 82, 69], but got: [1] "
        + "(HIVE_BAD_DATA)", "hdfs://h/t/c.parquet")]
    [InlineData("Corrupted Parquet file: hdfs://h/t/c.parquet metadata index: -4946 out of range (HIVE_BAD_DATA)", "hdfs://h/t/c.parquet")]
    [InlineData("Error opening Hive split hdfs://h/t/c.parquet (offset=0, length=62): can not read class "
        + "org.apache.parquet.format.FileMetaData: x (HIVE_CANNOT_OPEN_SPLIT)", "hdfs://h/t/c.parquet")]
    [InlineData("Error opening Hive split hdfs://h/t/c.parquet (offset=0, length=62): Could not obtain block "
        + "(HIVE_CANNOT_OPEN_SPLIT)", null)]
    [InlineData("line 1:8: Column 'x' cannot be resolved (COLUMN_NOT_FOUND)", null)]
    public void BrokenFile_WhenPrestoStumbles_ThenTheFileIfItIsTheFiles(string sentence, string? file) =>
        Assert.Equal(file, QueriedFiles.BrokenFile(sentence));

    [GeneratedRegex(@"hdfs://[^/]+/tests/client_\w+/")]
    private static partial Regex Place();
}

/// <summary>Tables for the tests of a class, made for the first of them: without a server, that test is skipped.</summary>
public sealed class PrestoTables : IAsyncDisposable
{
    private HiveTables? _tables;

    public async ValueTask DisposeAsync()
    {
        if (_tables is not null) await _tables.DisposeAsync();
    }

    internal async Task<HiveTables> OpenAsync() => _tables ??= await HiveTables.CreateAsync();
}
