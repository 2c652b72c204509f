using System.Globalization;

namespace Banking.Simulations.Tests.Processes;

/// <summary>A gateway with TLS takes clients with a certificate of its authority, and nobody else.</summary>
public sealed class TlsGatewayTests(TlsGatewayTests.Gateway gateway) : IClassFixture<TlsGatewayTests.Gateway>
{
    private readonly SiloProcess _silo = gateway.Silo;
    private readonly ClusterCertificates _certificates = gateway.Certificates;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Load_WhenTheClientHasACertificate_PlaysThroughTheGateway()
    {
        var (exitCode, output) = await Load(_certificates.Client());

        Assert.True(exitCode == 0, output + _silo.Output);
        Assert.Contains("wrong        0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenTheClientHasNoCertificate_IsRefused()
    {
        var (exitCode, output) = await Load([]);

        Assert.Equal(1, exitCode);
        Assert.Contains($"The gateway 127.0.0.1:{_silo.GatewayPort} can't be reached: ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenAnotherAuthorityIssuedTheCertificate_IsRefusedAndTheSiloSaysWhy()
    {
        var (exitCode, output) = await Load(_certificates.StrangersClient());

        Assert.Equal(1, exitCode);
        Assert.Contains($"The gateway 127.0.0.1:{_silo.GatewayPort} can't be reached: ", output, StringComparison.Ordinal);
        Assert.Contains("the certificate CN=game was not issued by the authority", _silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Load_WhenTheCertificateIsNotThere_NamesTheVariable()
    {
        var (exitCode, output) = await Load(new() { ["Banking__Cluster__Tls__Certificate"] = "/nowhere/game.pem" });

        Assert.Equal(2, exitCode);
        Assert.StartsWith("Banking__Cluster__Tls__Key is not set", output, StringComparison.Ordinal);
    }

    private async Task<(int ExitCode, string Output)> Load(Dictionary<string, string> environment)
    {
        using var load = ClientProcess.StartIn(
            environment, "load", "--gateway", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{_silo.GatewayPort}"),
            "--accounts", "10", "--actions", "200", "--connections", "2", "--seed", "5");
        return await ClientProcess.Finish(load, Token);
    }

    /// <summary>One silo for all of the tests.</summary>
    public sealed class Gateway : IAsyncLifetime
    {
        private readonly TemporaryFolder _folder = new();

        internal SiloProcess Silo { get; private set; } = null!;

        internal ClusterCertificates Certificates { get; } = new();

        public async ValueTask InitializeAsync() =>
            Silo = await SiloProcess.Start(_folder.Path, SiloProcess.FreePort(), Token, Certificates.Silo("host1"));

        public async ValueTask DisposeAsync()
        {
            if (Silo is not null) await Silo.DisposeAsync();
            Certificates.Dispose();
            _folder.Dispose();
        }
    }
}
