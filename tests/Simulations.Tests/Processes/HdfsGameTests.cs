using Banking.Servers;
using Banking.Simulations.Tests.Clusters;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built programs with the lake on HDFS, and deaths on either side.</summary>
public sealed class HdfsGameTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private HdfsFolder? _lake;
    private ServerStack? _stack;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Journal => _folder.File("journal.jsonl");

    public async ValueTask InitializeAsync()
    {
        _stack = await RealServers.Mortal("hdfs");
        _lake = new HdfsFolder(_stack.WebHdfs, $"/tests/game-{Guid.NewGuid():N}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_lake is not null) await _lake.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Game_WhenHdfsIsAwayAtTheStartAndItsNodesAndTheSiloAreKilledUnderLoad_ThenTheLakeHasEveryActionOnce()
    {
        var port = SiloProcess.FreePort();
        await _stack!.Kill("hdfs-namenode");
        await using var first = await Start(port);
        using var http = new HttpClient { BaseAddress = new Uri(first.Url) };
        Assert.Contains("\"status\":\"Degraded\"", await http.GetStringAsync("/health/ready", Token), StringComparison.Ordinal);
        var early = await ClientProcess.Run(
            Token, "load", "--url", first.Url, "--accounts", "20", "--actions", "300", "--connections", "4", "--seed", "12");
        Assert.True(early.ExitCode == 0, early.Output + first.Output);
        await _stack.Start("hdfs");
        await Eventually.True(async () => (await _lake!.Files(LakeReader.Tables[^1])).Count > 0, "the first file is in the lake");

        using var load = SteadyLoad.Start(first.Url, Journal, seed: 13);
        await load.Progress(200, Token);
        await _stack.Kill("hdfs-datanode");
        await load.Progress(200, Token);
        await first.Kill(Token);
        await _stack.Kill("hdfs-namenode");
        await using var second = await Start(port);
        await _stack.Start("hdfs");
        await load.Progress(200, Token);
        await load.Stop(() => second.Output, Token);
        await Eventually.True(
            async () => (await http.PostAsync("/v1/lake/flush", null, Token)).IsSuccessStatusCode, "the lake is flushed");
        await _lake!.CopyTo(_folder.File("copy"), LakeReader.Tables);
        var verified = await ClientProcess.Run(
            Token, "verify", "--url", second.Url, "--lake", _folder.File("copy"), "--journal", Journal);
        var exitCode = await second.Stop(Token);

        Assert.True(verified.ExitCode == 0, verified.Output + second.Output);
        Assert.Equal(0, exitCode);
    }

    private Task<SiloProcess> Start(int port) => SiloProcess.Start(
        _folder.File("data"), port, Token, "--Banking:Lake:Root", _lake!.Root, "--Banking:Lake:User", HdfsFolder.User,
        "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02");
}
