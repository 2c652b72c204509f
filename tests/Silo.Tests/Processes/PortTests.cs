using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Banking.Simulations.Tests.Processes;

namespace Banking.Silo.Tests.Processes;

/// <summary>Two built silos on one machine: no port is shared, and one in use is one sentence.</summary>
public sealed class PortTests : IDisposable
{
    private const string Busy = "is in use: stop what listens there, or choose another one, such as";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_WhenAPortIsInUse_ThenExitsWith1AndOneSentenceThatNamesIt()
    {
        var (http, silo, gateway) = (SiloProcess.FreePort(), Port(), Port());
        await using var first = await SiloProcess.Start(
            Folder("first"), http, Token, "--Banking:Cluster:SiloPort", silo, "--Banking:Cluster:GatewayPort", gateway);

        var sameSilo = await SiloProcess.StartInVain(Folder("second"), SiloProcess.FreePort(), Token, "--Banking:Cluster:SiloPort", silo);
        var sameGateway = await SiloProcess.StartInVain(
            Folder("third"), SiloProcess.FreePort(), Token, "--Banking:Cluster:GatewayPort", gateway);
        var sameHttp = await SiloProcess.StartInVain(Folder("fourth"), http, Token);

        AssertEnded(sameSilo, $"The port 127.0.0.1:{silo} {Busy} --Banking:Cluster:SiloPort ");
        AssertEnded(sameGateway, $"The port 127.0.0.1:{gateway} {Busy} --Banking:Cluster:GatewayPort ");
        AssertEnded(sameHttp, $"The port 127.0.0.1:{http} {Busy} --urls http://127.0.0.1:");
    }

    [Fact]
    public async Task Start_WhenThePortIsInUseOnOneOfLocalhostsAddressesOnly_ThenSaysSoBeforeTheSiloIsUp()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        using var other = new TcpListener(IPAddress.IPv6Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var silo = await SiloProcess.StartInVain(Folder("silo"), port, Token, "--urls", $"http://localhost:{port}");

        AssertEnded(silo, $"The port [::1]:{port} {Busy} --urls http://localhost:");
    }

    [Fact]
    public async Task Start_WhenHttpHasTheSilosOwnPort_ThenSaysSo()
    {
        var port = SiloProcess.FreePort();

        var silo = await SiloProcess.StartInVain(
            Folder("silo"), port, Token, "--Banking:Cluster:SiloPort", port.ToString(CultureInfo.InvariantCulture));

        AssertEnded(silo, $"The port 127.0.0.1:{port} is in use");
    }

    [Fact]
    public async Task Start_WhenHttpsHasNoCertificate_ThenSaysSo()
    {
        var silo = await SiloProcess.StartInVain(Folder("silo"), 0, Token, "--urls", $"https://127.0.0.1:{Port()}");

        Assert.Equal(1, silo.ExitCode);
        Assert.Contains("HTTP can't listen: Unable to configure HTTPS endpoint.", silo.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_WhenTwoStartAtTheSameMoment_ThenOneOfThemDoes()
    {
        string[] ports = ["--Banking:Cluster:SiloPort", Port(), "--Banking:Cluster:GatewayPort", Port()];
        var starts = Enumerable.Range(0, 2)
            .Select(i => Task.Run(() => SiloProcess.Start(Folder($"silo{i}"), SiloProcess.FreePort(), Token, ports), Token))
            .ToArray();

        await Task.WhenAll(starts.Select(start => Task.WhenAny(start)));
        foreach (var started in starts.Where(start => start.IsCompletedSuccessfully)) await (await started).DisposeAsync();

        Assert.Equal(1, starts.Count(start => start.IsCompletedSuccessfully));
        Assert.Contains("is in use", starts.Single(start => start.IsFaulted).Exception!.ToString(), StringComparison.Ordinal);
    }

    private static void AssertEnded((int ExitCode, string Output) silo, string sentence)
    {
        Assert.Equal(1, silo.ExitCode);
        Assert.Contains(sentence, silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", silo.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("fail:", silo.Output, StringComparison.Ordinal);
        Assert.True(silo.Output.Length < 1_000, silo.Output);
    }

    private static string Port() => SiloProcess.FreePort().ToString(CultureInfo.InvariantCulture);

    private string Folder(string name) => _folder.File(name);
}
