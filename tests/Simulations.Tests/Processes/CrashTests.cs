namespace Banking.Simulations.Tests.Processes;

/// <summary>The built programs, as a user runs them.</summary>
public sealed class CrashTests : IDisposable
{
    // Above what anything answers.
    private const int AsFastAsItGoes = 1_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WhenKilledUnderLoadAndStartedAgain_LosesAndDoublesNothing()
    {
        var token = TestContext.Current.CancellationToken;
        var port = SiloProcess.FreePort();
        var journal = _folder.File("journal.jsonl");
        await using var first = await SiloProcess.Start(
            Data, port, token, "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02");
        using var load = SteadyLoad.Start(first.Url, journal, seed: 7, accounts: 200, rate: AsFastAsItGoes);

        // Three lives: the last one ends as a service manager ends it.
        await load.Progress(1_000, token);
        await first.Kill(token);
        await using var second = await SiloProcess.Start(
            Data, port, token, "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02");
        await load.Progress(1_000, token);
        await second.Kill(token);
        await using var third = await SiloProcess.Start(Data, port, token);
        await load.Progress(1_000, token);
        await load.Stop(() => third.Output, token);
        var verified = await ClientProcess.Run(token, "verify", "--url", third.Url, "--lake", Lake, "--journal", journal);
        var exitCode = await third.Stop(token);

        Assert.True(verified.ExitCode == 0, verified.Output + third.Output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Silo_WhenStoppedRightAfterActions_HasThemAllInTheLake()
    {
        var token = TestContext.Current.CancellationToken;
        var port = SiloProcess.FreePort();
        await using var silo = await SiloProcess.Start(
            Data, port, token, "--Banking:Lake:MaxIdle", "00:01:00", "--Banking:Lake:MaxAge", "00:10:00");
        var loaded = await ClientProcess.Run(
            token, "load", "--url", silo.Url, "--accounts", "50", "--actions", "1000", "--connections", "8", "--seed", "3",
            "--deposits-only");
        Assert.True(loaded.ExitCode == 0, loaded.Output);

        var exitCode = await silo.Stop(token);
        var (_, counted) = await ClientProcess.Run(
            token, "query", "--lake", Lake, "--format", "csv",
            "select event_type, count(event_type) from cash_transactions group by event_type");

        Assert.Equal(0, exitCode);
        // The first action of each of the 50 accounts opens it.
        Assert.Contains("make_deposit,950", counted, StringComparison.Ordinal);
    }

    private string Data => _folder.File("data");

    private string Lake => Path.Combine(Data, "lake");
}
