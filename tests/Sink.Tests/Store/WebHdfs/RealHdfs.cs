using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>
/// A real HDFS for the tests of this assembly: others' too, or started when the first test asks and ended with the last one. A test that gets none is skipped, and
/// one that gets it uses a folder of its own.
/// </summary>
public sealed class RealHdfs : IAsyncDisposable
{
    private const string HowTo =
        "Needs HDFS: set BANKING_WEBHDFS to the URL of a name node (http://host:9870), or BANKING_STACK to a launcher that starts one (BANKING_STACK=<launcher> dotnet test).";

    private static readonly int[] Ports = [9000, 9864, 9866, 9867, 9870];
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"banking-hdfs-{Guid.NewGuid():N}");
    private int _portBase;

    /// <summary>Where a name node answers.</summary>
    internal static async ValueTask<Uri> Any()
    {
        if (Environment.GetEnvironmentVariable("BANKING_WEBHDFS") is { Length: > 0 } url) return new Uri(url);
        Assert.SkipWhen(Launcher is null, HowTo);
        var fixture = await TestContext.Current.GetFixture<RealHdfs>() ?? throw new InvalidOperationException("The assembly has no such fixture.");
        return await fixture.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_portBase != 0) await RunAsync("wipe");
        _starting.Dispose();
    }

    private static string? Launcher => Environment.GetEnvironmentVariable("BANKING_STACK") is { Length: > 0 } launcher ? launcher : null;

    private async Task<Uri> StartAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_portBase == 0)
            {
                _portBase = FreePortBase();
                await RunAsync("start", "hdfs");
            }

            return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{9870 + _portBase}"));
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Launcher!, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["STACK_DATA"] = _folder;
        start.Environment["STACK_PORT_BASE"] = _portBase.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(3));
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Launcher} {string.Join(' ', arguments)} failed: {await output}{await errors}");
    }

    private static int FreePortBase() =>
        Enumerable.Range(20, 180).Select(n => n * 100).FirstOrDefault(shift => Ports.All(port => IsFree(port + shift))) is > 0 and var found
            ? found
            : throw new InvalidOperationException("No ports are free for HDFS.");

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
