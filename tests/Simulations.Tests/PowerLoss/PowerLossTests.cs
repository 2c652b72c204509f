using System.Net;
using Banking.Servers.Tracing;
using Banking.Simulations.Tests.Processes;

namespace Banking.Simulations.Tests.PowerLoss;

/// <summary>The system calls of the built silo: nothing is answered that a loss of power could take.</summary>
public sealed class PowerLossTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WhenItAnswers_HasFlushedWhatTheAnswerRestsOn()
    {
        var trace = _folder.File("trace");

        // Rows are committed when they are asked for only: then each file belongs to an answer.
        await using var silo = await SiloProcess.StartTraced(
            _folder.File("data"), SiloProcess.FreePort(), trace, Token, "--Banking:Lake:MaxIdle", "00:10:00",
            "--Banking:Lake:MaxAge", "00:10:00");
        (string Path, string Json)[] posts =
        [
            ("/v1/accounts", """{"account_id":"ann","full_name":"Ann Example"}"""),
            ("/v1/accounts/ann/deposits", """{"amount":50}"""),
            ("/v1/accounts/ann/withdrawals", """{"amount":20}"""),
            ("/v1/lake/flush", "{}"),
            ("/v1/accounts/ann/deposits", """{"amount":7}"""),
        ];
        foreach (var (path, json) in posts)
        {
            var (status, text) = await Bank.Post(silo, path, json, null, Token);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Created, text);
        }

        // The last one gets into the lake with the stop.
        Assert.Equal(0, await silo.Stop(Token));
        var calls = await Calls(trace);

        var answers = Answer.Of(calls);
        Assert.Equal((4, 2), (answers.Count(answer => answer.IsAction), answers.Count(answer => answer.IsFlush)));
        Assert.Equal(
            "",
            string.Join('\n', WalFlushes.Violations(calls).Concat(AnswerFlushes.Violations(calls)).Concat(LakeFlushes.Violations(calls))));

        // Parts that were not seen at all can't have been at fault.
        Assert.All(
            ["/storage.db-wal", "/log.db-wal"],
            file => Assert.Contains(calls, call => call.IsWrite && call.File.EndsWith(file, StringComparison.Ordinal)));
        Assert.Contains(calls, call => call.Name is "link" && call.Texts[^1].EndsWith(".parquet", StringComparison.Ordinal));
    }

    // The tracer writes a moment longer than the silo runs.
    private static async Task<IReadOnlyList<SystemCall>> Calls(string trace)
    {
        string[] lines = [];
        await Eventually.True(
            () => (lines = File.ReadAllLines(trace)).LastOrDefault()?.EndsWith("+++ exited with 0 +++", StringComparison.Ordinal) == true,
            "the trace ends");
        return SystemTrace.Parse(lines);
    }
}
