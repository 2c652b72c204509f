using System.Globalization;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The client's other way to the bank: Orleans' own protocol.</summary>
public sealed class GatewayTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string Lake => Path.Combine(Data, "lake");

    private string Journal => _folder.File("journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Load_WhenItGoesThroughTheGateway_ThenTheLakeHasItAll()
    {
        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), Token);

        var loaded = await ClientProcess.Run(
            Token, "load", "--gateway", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{silo.GatewayPort}"),
            "--accounts", "20", "--actions", "1000", "--connections", "4", "--seed", "5", "--journal", Journal);
        var verified = await ClientProcess.Run(Token, "verify", "--url", silo.Url, "--lake", Lake, "--journal", Journal);

        Assert.True(loaded.ExitCode == 0, loaded.Output + silo.Output);
        Assert.Contains("wrong        0", loaded.Output, StringComparison.Ordinal);
        Assert.True(verified.ExitCode == 0, verified.Output + silo.Output);
        Assert.Contains("All is well: 20 accounts", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenNoGatewayListens_ThenItSaysSo()
    {
        var port = SiloProcess.FreePort();

        var loaded = await ClientProcess.Run(
            Token, "load", "--gateway", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "--actions", "10");

        Assert.Equal(1, loaded.ExitCode);
        Assert.Contains($"The gateway 127.0.0.1:{port} can't be reached: ", loaded.Output, StringComparison.Ordinal);
    }
}
