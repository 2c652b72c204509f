using System.Diagnostics;
using System.Globalization;

namespace Banking.Servers;

/// <summary>
/// Real servers of these tests' own, which may be killed: started and ended by the launcher that <c>BANKING_STACK</c> names, on ports and
/// in a folder that nobody else uses. Its services: kafka, hdfs, hive, presto; to be killed one by one also hdfs-namenode and
/// hdfs-datanode.
/// </summary>
internal sealed class ServerStack : IAsyncDisposable
{
    private const int Kafka = 9092;
    private const int KafkaController = 9093;
    private const int NameNode = 9000;
    private const int NameNodeHttp = 9870;
    private const int DataNodeHttp = 9864;
    private const int DataNode = 9866;
    private const int DataNodeIpc = 9867;
    private const int Hive = 9083;
    private const int PrestoHttp = 8090;
    private static readonly int[] AllPorts =
        [Kafka, KafkaController, NameNode, NameNodeHttp, DataNodeHttp, DataNode, DataNodeIpc, Hive, PrestoHttp];
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(3);

    private readonly string _launcher;
    private readonly string _folder = Directory.CreateTempSubdirectory("servers-").FullName;
    private readonly PortClaim _ports = PortClaim.Take(AllPorts);

    private ServerStack(string launcher) => _launcher = launcher;

    /// <summary>Null if there is none.</summary>
    public static string? Launcher => Environment.GetEnvironmentVariable("BANKING_STACK") is { Length: > 0 } launcher ? launcher : null;

    public string BootstrapServers => Address("127.0.0.1", Kafka);

    /// <summary>The URL of the name node, <c>http://host:port</c>.</summary>
    public string WebHdfs => "http://" + Address("localhost", NameNodeHttp);

    /// <summary>The file system of the name node, <c>hdfs://host:port</c>.</summary>
    public string Hdfs => "hdfs://" + Address("localhost", NameNode);

    /// <summary><c>host:port</c> of the Hive metastore.</summary>
    public string Metastore => Address("localhost", Hive);

    public string Presto => "http://" + Address("localhost", PrestoHttp);

    public static async Task<ServerStack> Create(string launcher, params string[] services)
    {
        var stack = new ServerStack(launcher);
        try
        {
            await stack.Start(services);
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts services with what they had; they answer when this returns. Does nothing for those that run.</summary>
    public Task Start(params string[] services) => Run(["start", .. services]);

    /// <summary>SIGKILL: nothing of the service runs any more when this returns.</summary>
    public async Task Kill(string service)
    {
        await Run("kill9", service);

        // A busy system takes its time over a killed process; what it still listens on would pass for the next one's.
        var ports = PortsOf(service);
        await Eventually.True(() => ports.All(port => PortClaim.IsFree(port + _ports.Shift)), $"{service} is gone");
    }

    /// <summary>SIGSTOP: the service stands still, its connections stay open. Whoever does it lets it go on again.</summary>
    public async Task Pause(string service)
    {
        // The signal is sent at once, and each thread stops when it is next looked at: until then it may still answer.
        var id = await Signal("-STOP", service);
        await Eventually.True(() => Directory.GetDirectories($"/proc/{id}/task").All(IsStopped), $"{service} stands still");
    }

    /// <summary>SIGCONT.</summary>
    public Task Resume(string service) => Signal("-CONT", service);

    /// <summary>Folders that the servers keep, by a pattern of their names.</summary>
    public string[] FindFolders(string pattern) => Directory.GetDirectories(_folder, pattern, SearchOption.AllDirectories);

    /// <summary>Ends the servers and removes their data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Run("wipe");
        _ports.Dispose();
    }

    private static int[] PortsOf(string service) => service switch
    {
        "kafka" => [Kafka, KafkaController],
        "hdfs-namenode" => [NameNode, NameNodeHttp],
        "hdfs-datanode" => [DataNodeHttp, DataNode, DataNodeIpc],
        "hive" => [Hive],
        "presto" => [PrestoHttp],
        _ => throw new ArgumentException($"There is no service {service}.", nameof(service)),
    };

    // The state stands behind the name, which is in parentheses and may hold anything.
    private static bool IsStopped(string task)
    {
        try
        {
            var stat = File.ReadAllText(Path.Combine(task, "stat"));
            return stat[stat.LastIndexOf(')')..].StartsWith(") T", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // A thread that has ended.
            return true;
        }
    }

    /// <returns>The id of its process.</returns>
    private async Task<string> Signal(string signal, string service)
    {
        var id = (await File.ReadAllTextAsync(Path.Combine(_folder, "run", service + ".pid"))).Trim();
        using var process = Process.Start("kill", [signal, id]);
        await process.WaitForExitAsync().WaitAsync(MaxWait);
        return process.ExitCode == 0 ? id : throw new InvalidOperationException($"kill {signal} {id}, {service}, failed.");
    }

    private string Address(string host, int port) => string.Create(CultureInfo.InvariantCulture, $"{host}:{port + _ports.Shift}");

    private async Task Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(_launcher, arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["STACK_DATA"] = _folder;
        start.Environment["STACK_PORT_BASE"] = _ports.Shift.ToString(CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(MaxWait);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{_launcher} {string.Join(' ', arguments)} failed: {await output}{await errors}");
        }
    }
}
