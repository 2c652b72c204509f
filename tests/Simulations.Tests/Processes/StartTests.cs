namespace Banking.Simulations.Tests.Processes;

/// <summary>What another process holds keeps the program from starting, and it says what.</summary>
public sealed class StartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-start-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Silo_WhenAnotherProcessHasTheDataFolder_SaysSoAndEnds()
    {
        await using var first = await SiloProcess.Start(_folder, SiloProcess.FreePort(), Token);

        var (exitCode, output) = await SiloProcess.StartInVain(_folder, SiloProcess.FreePort(), Token);

        Assert.Equal(1, exitCode);
        Assert.Contains("in use by another silo", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenAnotherProcessHasThePort_NamesIt()
    {
        var port = SiloProcess.FreePort();
        await using var first = await SiloProcess.Start(Path.Combine(_folder, "first"), port, Token);

        var (exitCode, output) = await SiloProcess.StartInVain(Path.Combine(_folder, "second"), port, Token);

        Assert.Equal(1, exitCode);
        Assert.Contains($"The port 127.0.0.1:{port} is in use: stop what listens there", output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_WhenPostgreSqlIsAway_SaysSoSoonAndGoesOnTryingUntilItIsStopped()
    {
        var port = SiloProcess.FreePort();
        await using var silo = SiloProcess.Launch(
            _folder, SiloProcess.FreePort(), "--Banking:Storage:PostgreSql", $"Host=127.0.0.1;Port={port};Username=bank;Database=banking");

        await Eventually.True(
            () => silo.Output.Contains($"Waiting for PostgreSQL at 127.0.0.1:{port}, database banking", StringComparison.Ordinal),
            "it says so");
        var exitCode = await silo.Stop(Token);

        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
    }
}
