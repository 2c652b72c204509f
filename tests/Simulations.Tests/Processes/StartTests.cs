namespace Banking.Simulations.Tests.Processes;

/// <summary>What another process holds keeps the program from starting, and it says what.</summary>
public sealed class StartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silo_WhenAnotherProcessHasTheDataFolder_SaysSoAndEnds()
    {
        await using var first = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token);

        var (exitCode, output) = await SiloProcess.StartInVain(_folder.Path, SiloProcess.FreePort(), Token);

        Assert.Equal(1, exitCode);
        Assert.Contains("in use by another silo", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenAnotherProcessHasThePort_NamesIt()
    {
        var port = SiloProcess.FreePort();
        await using var first = await SiloProcess.Start(_folder.File("first"), port, Token);

        var (exitCode, output) = await SiloProcess.StartInVain(_folder.File("second"), port, Token);

        Assert.Equal(1, exitCode);
        Assert.Contains($"The port 127.0.0.1:{port} is in use: stop what listens there", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenPostgreSqlIsAway_SaysSoSoonAndGoesOnTryingUntilItIsStopped()
    {
        var port = SiloProcess.FreePort();
        await using var silo = SiloProcess.Launch(
            _folder.Path, SiloProcess.FreePort(), "--Banking:Storage:PostgreSql",
            $"Host=127.0.0.1;Port={port};Username=bank;Database=banking");

        await Eventually.True(
            () => silo.Output.Contains($"Waiting for PostgreSQL at 127.0.0.1:{port}, database banking", StringComparison.Ordinal),
            "it says so");
        var exitCode = await silo.Stop(Token);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }
}
