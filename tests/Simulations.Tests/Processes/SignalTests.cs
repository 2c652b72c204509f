namespace Banking.Simulations.Tests.Processes;

/// <summary>A silo that stands still or is stopped under load.</summary>
public sealed class SignalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string Lake => Path.Combine(Data, "lake");

    private string Journal => _folder.File("journal.jsonl");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WhenItStoodStillUnderLoad_GoesOn()
    {
        await using var silo = await SiloProcess.Start(Data, SiloProcess.FreePort(), Token);
        using var load = SteadyLoad.Start(silo.Url, Journal, seed: 21, accounts: 50);
        await load.Progress(200, Token);

        silo.Pause();
        await Task.Delay(TimeSpan.FromSeconds(6), TimeProvider.System, Token);
        silo.Resume();
        await load.Progress(200, Token);
        await load.Stop(() => silo.Output, Token);
        var verified = await ClientProcess.Run(Token, "verify", "--url", silo.Url, "--lake", Lake, "--journal", Journal);

        Assert.True(verified.ExitCode == 0, verified.Output + silo.Output);
        Assert.Equal(0, await silo.Stop(Token));
    }

    [Fact]
    public async Task Silo_WhenStoppedUnderLoadAndStartedAgain_GoesOnWhereItStopped()
    {
        var port = SiloProcess.FreePort();
        await using var first = await SiloProcess.Start(Data, port, Token);
        using var load = SteadyLoad.Start(first.Url, Journal, seed: 22, accounts: 50);
        await load.Progress(200, Token);

        var exitCode = await first.Stop(Token);
        await using var second = await SiloProcess.Start(Data, port, Token);
        await load.Progress(200, Token);
        await load.Stop(() => second.Output, Token);
        var verified = await ClientProcess.Run(Token, "verify", "--url", second.Url, "--lake", Lake, "--journal", Journal);

        Assert.Equal(0, exitCode);
        Assert.Contains("Drained", first.Output, StringComparison.Ordinal);
        Assert.True(verified.ExitCode == 0, verified.Output + second.Output);
    }
}
