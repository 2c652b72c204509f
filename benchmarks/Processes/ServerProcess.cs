using System.Globalization;
using System.Net;

namespace Banking.Benchmarks.Processes;

/// <summary>A program that serves HTTP, as a process of its own on ports of its own.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);

    // Each waits for up to 20 s.
    private const int FlushTries = 15;
    private readonly ChildProcess _process;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromMinutes(2) };

    private ServerProcess(ChildProcess process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    /// <exception cref="BenchmarkFailedException">It is gone.</exception>
    public long ResidentBytes => ProcessUsage.ResidentBytes(_process.Id) ?? throw Gone();

    /// <exception cref="BenchmarkFailedException">It is gone.</exception>
    public long PeakResidentBytes => ProcessUsage.PeakResidentBytes(_process.Id) ?? throw Gone();

    /// <exception cref="BenchmarkFailedException">It is gone.</exception>
    public TimeSpan Cpu => ProcessUsage.Cpu(_process.Id) ?? throw Gone();

    /// <summary>The built silo with a data folder of its own; ready when this returns.</summary>
    public static Task<ServerProcess> StartSiloAsync(string dataFolder, TimeProvider time, CancellationToken cancellationToken) =>
        StartSiloAsync(dataFolder, [], time, cancellationToken);

    /// <param name="settings">Further ones, as command line arguments.</param>
    public static Task<ServerProcess> StartSiloAsync(
        string dataFolder, string[] settings, TimeProvider time, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(3);
        string[] arguments =
        [
            "--urls", UrlOf(ports[0]), "--Banking:DataDirectory", dataFolder,
            "--Banking:Cluster:SiloPort", ports[1].ToString(CultureInfo.InvariantCulture),
            "--Banking:Cluster:GatewayPort", ports[2].ToString(CultureInfo.InvariantCulture),
            .. settings,
        ];
        return StartAsync(ports[0], "Banking.Silo.dll", arguments, time, cancellationToken);
    }

    /// <summary>A peer: a hidden command of this very program, that takes the port it serves on and free ones after it.</summary>
    public static Task<ServerProcess> StartPeerAsync(string command, int morePorts, TimeProvider time, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Take(1 + morePorts);
        var arguments = ports.Select(port => port.ToString(CultureInfo.InvariantCulture));
        return StartAsync(ports[0], "Banking.Benchmarks.dll", [command, .. arguments], time, cancellationToken);
    }

    /// <summary>See <see cref="ChildProcess.FirstSaid"/>.</summary>
    public long? FirstSaid(string text) => _process.FirstSaid(text);

    /// <summary>
    /// Has the silo bring everything acknowledged into the lake, however long it takes: the silo's patience with one request is bounded.
    /// </summary>
    /// <exception cref="BenchmarkFailedException">It is not done after many requests, or refused.</exception>
    public async Task FlushLakeAsync(CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            using var reply = await _http.PostAsync(new Uri(Url + "/v1/lake/flush"), content: null, cancellationToken);
            if (reply.IsSuccessStatusCode) return;
            if (reply.StatusCode != HttpStatusCode.ServiceUnavailable || tries == FlushTries)
                throw new BenchmarkFailedException($"The flush was answered {(int)reply.StatusCode}.\n{_process.Output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private static string UrlOf(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private static async Task<ServerProcess> StartAsync(
        int port, string assembly, string[] arguments, TimeProvider time, CancellationToken cancellationToken)
    {
        var server = new ServerProcess(ChildProcess.Start(assembly, arguments), UrlOf(port));
        try
        {
            await server.WaitUntilReadyAsync(time, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private async Task WaitUntilReadyAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (!await IsReadyAsync(cancellationToken))
        {
            if (_process.HasExited || time.GetElapsedTime(start) > MaxWait)
            {
                throw new BenchmarkFailedException($"A server did not start:\n{_process.Output}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellationToken);
        }
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var reply = await _http.GetAsync(new Uri(Url + "/health/ready"), cancellationToken);
            return reply.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false; // Not listening yet.
        }
    }

    private BenchmarkFailedException Gone() => new($"A server is gone:\n{_process.Output}");
}
