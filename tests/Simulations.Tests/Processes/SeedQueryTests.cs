using System.Globalization;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// The queries that analysts ran on the old pipeline, through the command line, over what a known script of requests left.
/// </summary>
public sealed class SeedQueryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Lake => _folder.File("lake");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Query_AfterAScriptOfTheOldRoutes_CountsWhatWasDone()
    {
        await using var silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);
        await OldRoutes.Play(silo.Url, Token);

        await OldRoutes.AssertQueriesAreAnswered(Query);
    }

    [Fact]
    public async Task Query_AfterALoad_CountsWhatWasAcknowledged()
    {
        var journal = _folder.File("journal.jsonl");
        await using var silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);

        var loaded = await ClientProcess.Run(
            Token, "load", "--url", silo.Url, "--accounts", "20", "--actions", "1000", "--connections", "4", "--seed", "9", "--journal",
            journal);
        using var http = new HttpClient();
        using var flushed = await http.PostAsync(new Uri(silo.Url + "/v1/lake/flush"), null, Token);
        var done = (await File.ReadAllLinesAsync(journal, Token)).Count(
            line => line.Contains("\"code\":\"done\"", StringComparison.Ordinal));

        Assert.True(loaded.ExitCode == 0, loaded.Output);
        Assert.True(flushed.IsSuccessStatusCode);
        Assert.Equal(
            [done.ToString(CultureInfo.InvariantCulture)],
            await Query(
                "select (select count(*) from account_status) + (select count(*) from asset_transactions) + (select count(*) from "
                    + "cash_transactions)"));
    }

    /// <returns>The rows, sorted, without the header.</returns>
    private async Task<string[]> Query(string sql)
    {
        var (exitCode, output) = await ClientProcess.Run(Token, "query", "--lake", Lake, "--format", "csv", sql);
        Assert.True(exitCode == 0, output);
        return [.. output.Split('\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Order(StringComparer.Ordinal)];
    }
}
