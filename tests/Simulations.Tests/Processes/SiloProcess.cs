using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Banking.Servers.Tracing;
using Banking.Silo.Hosting;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built Silo as a process of its own, on free ports and a given data folder.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const int FirstPort = 10_000;
    private const int PortCount = 10_000;
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);

    // Test runs beside this one begin elsewhere.
    private static int _ports = Environment.ProcessId * 61 % PortCount;

    private readonly Process _process;
    private readonly List<string> _output = [];

    private SiloProcess(Process process, string url, int gatewayPort)
    {
        _process = process;
        Url = url;
        GatewayPort = gatewayPort;
    }

    /// <summary>Of this build.</summary>
    public static string Program { get; } = typeof(BankingApplication).Assembly.Location;

    public string Url { get; }

    public int GatewayPort { get; }

    public string Output
    {
        get
        {
            lock (_output) return string.Join(Environment.NewLine, _output);
        }
    }

    /// <summary>
    /// A port that nobody listens on, below those that the system gives to outgoing connections: a load's own connections would take one
    /// of these between the look and the start, or between two lives of a silo.
    /// </summary>
    public static int FreePort()
    {
        while (true)
        {
            var port = FirstPort + (Interlocked.Increment(ref _ports) % PortCount);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else's: the next one.
            }
        }
    }

    /// <summary>Starts the program; it is ready when this returns.</summary>
    public static Task<SiloProcess> Start(string dataFolder, int port, CancellationToken cancellationToken, params string[] settings) =>
        Ready(Launch(dataFolder, port, settings), cancellationToken);

    /// <summary>Starts another build's program; it is ready when this returns.</summary>
    /// <param name="program">The path of its Banking.Silo.dll.</param>
    public static Task<SiloProcess> StartProgram(
        string program, string dataFolder, int port, CancellationToken cancellationToken, params string[] settings) =>
        Ready(Launch(["dotnet"], program, dataFolder, port, settings), cancellationToken);

    private static async Task<SiloProcess> Ready(SiloProcess silo, CancellationToken cancellationToken)
    {
        try
        {
            await silo.WaitUntilReady(cancellationToken);
            return silo;
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Starts the program under strace, which writes its system calls to a file; it is ready when this returns. Skips the test where that
    /// can't be.
    /// </summary>
    public static Task<SiloProcess> StartTraced(
        string dataFolder, int port, string traceFile, CancellationToken cancellationToken, params string[] settings)
    {
        Strace.SkipWithout();

        // The tracer is a grandchild (-D): the process is the silo itself, as without it.
        return Ready(Launch(["strace", "-D", .. Strace.Arguments(traceFile), "dotnet"], dataFolder, port, settings), cancellationToken);
    }

    /// <summary>
    /// Starts the program where system calls fail, as they do on some file systems; it is ready when this returns. Skips the test where
    /// that can't be.
    /// </summary>
    /// <param name="faults">As strace's <c>inject</c> wants them, such as <c>?link,linkat:error=EPERM</c>.</param>
    public static Task<SiloProcess> StartWithFaults(
        string dataFolder, int port, string[] faults, CancellationToken cancellationToken, params string[] settings) =>
        Ready(LaunchWithFaults(dataFolder, port, faults, settings), cancellationToken);

    /// <summary>As <see cref="StartWithFaults"/>, where it can't run; returns when it has given up.</summary>
    public static async Task<(int ExitCode, string Output)> StartInVainWithFaults(
        string dataFolder, int port, string[] faults, CancellationToken cancellationToken, params string[] settings)
    {
        await using var silo = LaunchWithFaults(dataFolder, port, faults, settings);
        await silo._process.WaitForExitAsync(cancellationToken).WaitAsync(MaxWait, cancellationToken);
        return (silo._process.ExitCode, silo.Output);
    }

    private static SiloProcess LaunchWithFaults(string dataFolder, int port, string[] faults, string[] settings)
    {
        Strace.SkipWithout();
        string[] injected = [.. faults.SelectMany(fault => new[] { "-e", $"inject={fault}" })];
        var calls = string.Join(',', faults.Select(fault => fault.Split(':')[0]));
        return Launch(["strace", "-D", "-f", "-o", "/dev/null", "-e", $"trace={calls}", .. injected, "dotnet"], dataFolder, port, settings);
    }

    /// <summary>Starts the program where it can't run; returns when it has given up.</summary>
    public static async Task<(int ExitCode, string Output)> StartInVain(
        string dataFolder, int port, CancellationToken cancellationToken, params string[] settings)
    {
        await using var silo = Launch(dataFolder, port, settings);
        await silo._process.WaitForExitAsync(cancellationToken).WaitAsync(MaxWait, cancellationToken);
        return (silo._process.ExitCode, silo.Output);
    }

    /// <summary>SIGKILL: nothing of the process runs any more.</summary>
    public async Task Kill(CancellationToken cancellationToken)
    {
        _process.Kill();
        await _process.WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGTERM, as a service manager sends it; returns the exit code.</summary>
    public async Task<int> Stop(CancellationToken cancellationToken)
    {
        Signals.Terminate(_process.Id);
        return await End(cancellationToken);
    }

    /// <summary>Returns the exit code of a process that ends by itself.</summary>
    public async Task<int> End(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(MaxWait, cancellationToken);
        return _process.ExitCode;
    }

    /// <summary>SIGSTOP: the process stands still, its connections and locks stay.</summary>
    public void Pause() => Signals.Stop(_process.Id);

    /// <summary>SIGCONT.</summary>
    public void Resume() => Signals.Continue(_process.Id);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Starts the program and waits for nothing.</summary>
    public static SiloProcess Launch(string dataFolder, int port, params string[] settings) =>
        Launch(["dotnet"], dataFolder, port, settings);

    private static SiloProcess Launch(string[] command, string dataFolder, int port, string[] settings) =>
        Launch(command, Program, dataFolder, port, settings);

    private static SiloProcess Launch(string[] command, string program, string dataFolder, int port, string[] settings)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var gatewayPort = FreePort();
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true };
        ShortLife.Prepare(start);
        string[] arguments =
        [
            .. command[1..], program, "--urls", url, "--Banking:DataDirectory", dataFolder,
            "--Banking:Cluster:SiloPort", FreePort().ToString(CultureInfo.InvariantCulture),
            "--Banking:Cluster:GatewayPort", gatewayPort.ToString(CultureInfo.InvariantCulture), .. settings,
        ];
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        var silo = new SiloProcess(Process.Start(start)!, url, gatewayPort);
        silo.Collect();
        return silo;
    }

    private void Collect()
    {
        void Take(object sender, DataReceivedEventArgs line)
        {
            lock (_output)
            {
                if (line.Data is not null) _output.Add(line.Data);
            }
        }

        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task WaitUntilReady(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(Url) };
        var waited = Stopwatch.StartNew();
        while (true)
        {
            Assert.False(_process.HasExited, $"The silo ended at its start:\n{Output}");
            Assert.True(waited.Elapsed < MaxWait, $"The silo was not ready in time:\n{Output}");
            try
            {
                if ((await http.GetAsync("/health/ready", cancellationToken)).StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }
}
