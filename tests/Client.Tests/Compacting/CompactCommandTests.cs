using Banking.Client.Tests.Banks;
using Microsoft.AspNetCore.Http;

namespace Banking.Client.Tests.Compacting;

public sealed class CompactCommandTests
{
    private const string Counts =
        "\"days_done\":2,\"now\":null,\"rows_written\":70,\"days_compacted\":1,\"files_before\":30,\"files_after\":1,"
        + "\"bytes_before\":4000000,\"bytes_after\":2500000,\"rows\":70,\"removed\":3";

    [Fact]
    public async Task Compact_WhenItEnds_ThenSaysWhatBecameOfTheFiles()
    {
        await using var bank = await BankServer.StartAsync();
        var asked = new List<string>();
        bank.Compact = http =>
        {
            asked.Add($"{http.Request.Method}{http.Request.QueryString}");
            return asked.Count < 3 ? State("running", "", 202) : State("done", "\"x/y is not the sink's file: the day is left as it is.\"");
        };

        var run = await CommandRun.OfAsync("compact", "--url", $"{bank.Url}", "--table", "cash_transactions", "--day", "2026-11-23");

        Assert.Equal(["POST?table=cash_transactions&day=2026-11-23", "GET", "GET"], asked);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            [
                "Left as it is: x/y is not the sink's file: the day is left as it is.",
                "Compacted 1 days of tables in 1.5 s: 30 files of 4.0 MB became 1 of 2.5 MB, 70 rows.",
                "Removed 3 files and folders whose grace period was over.",
            ],
            run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }

    [Fact]
    public async Task Compact_WhenAnotherIsUnderWay_ThenWaitsForIt()
    {
        await using var bank = await BankServer.StartAsync();
        var posts = 0;
        bank.Compact = http => http.Request.Method == "GET" ? State("done", "")
            : posts++ == 0 ? Problem("compaction_running", "Busy.")
            : State("done", "", 202);

        var run = await CommandRun.OfAsync("compact", "--url", $"{bank.Url}");

        Assert.Equal((0, 2), (run.ExitCode, posts));
        Assert.Contains("A compaction is under way already", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compact_WhenThereIsNoMetastore_ThenSaysSo()
    {
        await using var bank = await BankServer.StartAsync();
        bank.Compact = _ => Problem("no_metastore", "Compaction needs a Hive metastore.");

        var run = await CommandRun.OfAsync("compact", "--url", $"{bank.Url}");

        Assert.Equal((1, "Compaction needs a Hive metastore."), (run.ExitCode, run.Error.Trim()));
    }

    [Fact]
    public async Task Compact_WhenTheSiloEndsInTheMiddle_ThenSaysSo()
    {
        await using var bank = await BankServer.StartAsync();
        bank.Compact = http => http.Request.Method == "POST" ? State("running", "", 202) : State("none", "", id: "");

        var run = await CommandRun.OfAsync("compact", "--url", $"{bank.Url}");

        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("The silo that compacted has ended", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--day", "yesterday", "--day must be a day as yyyy-MM-dd, not 'yesterday'.")]
    [InlineData("--table", "nope", "Argument 'nope' not recognized.")]
    public async Task Compact_WhenAnOptionIsWrong_ThenSaysHowItIsWritten(string option, string value, string sentence)
    {
        var run = await CommandRun.OfAsync("compact", option, value);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith(sentence, run.Error, StringComparison.Ordinal);
    }

    private static IResult State(string state, string skipped, int status = 200, string id = "a") => Results.Text(
        $$"""{"id":"{{id}}","state":"{{state}}","scheduled":false,"seconds":1.5,"days":2,{{Counts}},"skipped":[{{skipped}}],"failure":null}""", "application/json", statusCode: status);

    private static IResult Problem(string code, string detail) =>
        Results.Text($$"""{"detail":"{{detail}}","code":"{{code}}"}""", "application/problem+json", statusCode: 409);
}
