using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// A Kafka broker of these tests' own, which may be killed: started and ended by the launcher that <c>BANKING_STACK</c> names, on ports and in a folder that nobody
/// else uses.
/// </summary>
internal sealed class KafkaStack : IAsyncDisposable
{
    private const int KafkaPort = 9092;
    private const int ControllerPort = 9093;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string _launcher;
    private readonly string _folder = Directory.CreateTempSubdirectory("kafka-").FullName;
    private readonly int _portBase = FreePortBase();

    private KafkaStack(string launcher) => _launcher = launcher;

    /// <summary>Null if there is none.</summary>
    public static string? Launcher => Environment.GetEnvironmentVariable("BANKING_STACK") is { Length: > 0 } launcher ? launcher : null;

    public string BootstrapServers => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{KafkaPort + _portBase}");

    public static async Task<KafkaStack> Create(string launcher)
    {
        var stack = new KafkaStack(launcher);
        try
        {
            await stack.Start();
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the broker with what it had; it answers when this returns. Does nothing while it runs.</summary>
    public Task Start() => Run("start", "kafka");

    /// <summary>SIGKILL: nothing of the broker runs any more.</summary>
    public Task Kill() => Run("kill9", "kafka");

    /// <summary>Ends the broker and removes its data.</summary>
    public async ValueTask DisposeAsync() => await Run("wipe");

    private async Task Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(_launcher, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["STACK_DATA"] = _folder;
        start.Environment["STACK_PORT_BASE"] = _portBase.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0) throw new InvalidOperationException($"{_launcher} {string.Join(' ', arguments)} failed: {await output}{await errors}");
    }

    /// <summary>How far to shift Kafka's two ports: to where both are free, below those that the system gives to outgoing connections.</summary>
    private static int FreePortBase()
    {
        for (var shift = 2_000; shift < 20_000; shift += 100)
        {
            if (IsFree(KafkaPort + shift) && IsFree(ControllerPort + shift)) return shift;
        }

        throw new InvalidOperationException("No ports are free for a broker.");
    }

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
