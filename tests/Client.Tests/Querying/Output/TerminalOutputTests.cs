using System.Diagnostics;
using Banking.Client.Querying;

namespace Banking.Client.Tests.Querying.Output;

public sealed class TerminalOutputTests : IDisposable
{
    private const string Hostile = "select 'a' || chr(27) || '[2J' || chr(7) || chr(8238) || 'b' as x";
    private const string Shown = @"a\u001B[2J\u0007\u202Eb";

    private readonly TemporaryFolder _folder = new();

    public TerminalOutputTests() => Directory.CreateDirectory(_folder.File("_lake"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_WhenATableOfTheLakeIsSelectedWhole_ThenItFitsTheTerminal()
    {
        new LakeWriter(_folder.Path).Write(
            "cash_transactions",
            "SELECT repeat('{\"x\":1}', 50) AS raw_event, 'make_deposit' AS event_type, 12.5::DECIMAL(18,2) AS amount");

        var run = await AtTerminalAsync(80, "select * from cash_transactions");

        Assert.All(
            run.Out.Split('\n').TakeWhile(line => !line.Contains("columns are not shown", StringComparison.Ordinal)),
            line => Assert.True(line.Length <= 80, line));
        Assert.Contains("of 25 columns are not shown (", run.Out, StringComparison.Ordinal);
        Assert.Contains("--expanded shows them whole.", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("1 row\n", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Query_WhenItTakesLong_ThenABarShowsHowFarItIsAndGoes()
    {
        // One group of rows is read by one thread, however many there are.
        var file = new LakeWriter(_folder.Path).Write("cash_transactions", "SELECT 1 AS description");
        LakeWriter.Execute(
            $"COPY (SELECT range::VARCHAR AS description FROM range(800000)) TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 1000000)");
        const string Slow = "select max(md5(md5(md5(md5(md5(md5(md5(md5(md5(md5(md5(description)))))))))))) as m from cash_transactions";

        var run = await AtTerminalAsync(80, Slow);
        var piped = await RunAsync(Slow);

        Assert.Equal((0, 0, ""), (run.ExitCode, piped.ExitCode, piped.Error));
        Assert.Matches("^(\r[━─]{30} [0-9]+ % *)+\r +\r$", run.Error);
    }

    [Theory]
    [InlineData(0, "────────────────────────────── 0 %")]
    [InlineData(50, "━━━━━━━━━━━━━━━─────────────── 50 %")]
    [InlineData(100.1, "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━ 100 %")]
    public void Describe_Always_IsABarOfThirtyCells(double percentage, string bar) =>
        Assert.Equal(bar, DuckDbProgress.Describe(percentage));

    [Fact]
    public async Task Query_WhenItIsExpanded_ThenEveryColumnIsALine()
    {
        var run = await AtTerminalAsync(
            30, "select repeat('x', 100) as long, 1 as n, null as nothing union all select 'y', 2, null order by n", "--expanded");

        Assert.Equal(
            $"─ 1 {new string('─', 36)}\nlong     {new string('x', 100)}\nn        1\nnothing\n─ 2 {new string('─', 36)}\nlong     y\nn   "
                + "     2\nnothing\n2 rows\n", run.Out);
    }

    [Fact]
    public async Task Query_WhenRowsAreMany_ThenTheFirstAreDrawnAndAllAreCounted()
    {
        var run = await AtTerminalAsync(80, "select range as r from range(250000)");
        var all = await AtTerminalAsync(80, "select range as r from range(2500)", "--rows", "0");
        var ten = await RunAsync("select range as r from range(2500)", "--rows", "10");

        Assert.Contains("│   99 │", run.Out.Replace("│ 99 │", "│   99 │", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(" 100 │", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n250000 rows, of which the first 100 are shown; --rows 0 shows all\n", run.Out, StringComparison.Ordinal);
        Assert.EndsWith("\n2500 rows\n", all.Out, StringComparison.Ordinal);
        Assert.Contains("│ 2499 │", all.Out, StringComparison.Ordinal);
        Assert.EndsWith(
            "│ 9 │\n╰───╯\n2500 rows, of which the first 10 are shown; --rows 0 shows all\n", ten.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("csv")]
    [InlineData("json")]
    public async Task Query_WhenTextWouldSteerTheTerminal_ThenItIsShownAsText(string format)
    {
        var run = await AtTerminalAsync(80, Hostile, "--format", format);

        Assert.Contains(Shown, run.Out, StringComparison.Ordinal);
        Assert.DoesNotContain(run.Out, c => c is (< ' ' and not '\n') or '\u202e');
    }

    [Fact]
    public async Task Query_WhenTextGoesIntoAPipe_ThenCsvHasItAsItIs() =>
        Assert.Equal("x\na\u001b[2J\a\u202eb\n", (await RunAsync(Hostile, "--format", "csv")).Out);

    [Fact]
    public async Task Query_WhenARefusalQuotesSuchText_ThenItIsShownAsText()
    {
        var run = await RunAsync($"select x::integer from ({Hostile})");

        Assert.Contains(Shown, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Error);
    }

    [Theory]
    [InlineData("--expanded")]
    [InlineData("--rows", "5")]
    public async Task Query_WhenAnOptionOfTablesIsGivenWithCsv_ThenItIsRefused(params string[] option) =>
        Assert.Equal(2, (await RunAsync("select 1", ["--format", "csv", .. option])).ExitCode);

    [Theory]
    [InlineData("csv")]
    [InlineData("json")]
    [InlineData("table")]
    public async Task Query_WhenThePipeCloses_ThenItStopsReadingWithoutAWord(string format)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Pipes of Unix.");
        // All of it would take minutes.
        using var process = ClientProcess.Start(
            [], "query", "select range as r, repeat('x', 100) as x from range(1000000000)", "--lake", _folder.Path, "--format", format);
        var token = TestContext.Current.CancellationToken;

        await process.StandardOutput.ReadLineAsync(token);
        process.StandardOutput.Close();
        var start = Stopwatch.GetTimestamp();
        await process.WaitForExitAsync(token).WaitAsync(TimeSpan.FromSeconds(60), token);

        Assert.Equal((141, ""), (process.ExitCode, await process.StandardError.ReadToEndAsync(token)));
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(30));
    }

    private Task<CommandRun> RunAsync(string sql, params string[] more) =>
        CommandRun.OfAsync(["query", sql, "--lake", _folder.Path, .. more]);

    private Task<CommandRun> AtTerminalAsync(int width, string sql, params string[] more) =>
        CommandRun.AtTerminalAsync(width, ["query", sql, "--lake", _folder.Path, .. more]);
}
