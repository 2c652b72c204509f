using System.Collections.Concurrent;

namespace Banking.Servers;

/// <summary>
/// Real servers for the tests of an assembly, started when the first test asks and ended with the last one. A test that gets none is
/// skipped. A server of <see cref="Any"/> may be others' too: a test uses topics, folders and databases with names of its own there, and
/// removes nothing else. Those of <see cref="Mortal"/> may be killed: they are of one collection of tests, which run one after the other,
/// and whoever kills one starts it again. Classes that put themselves into the collection <see cref="Killed"/> share theirs.
/// </summary>
public sealed class RealServers : IAsyncDisposable
{
    /// <summary>The name of the collection.</summary>
    internal const string Killed = "Servers that are killed";

    private readonly StartedOnce _lasting = new();
    private readonly ConcurrentDictionary<string, StartedOnce> _mortal = new();

    /// <summary>The bootstrap servers of a broker that stays up.</summary>
    internal static ValueTask<string> Kafka() =>
        Any("BANKING_KAFKA", "the bootstrap servers of a Kafka broker", stack => stack.BootstrapServers, "kafka");

    /// <summary>The URL of a name node that stays up.</summary>
    internal static ValueTask<string> WebHdfs() =>
        Any("BANKING_WEBHDFS", "the URL of a name node (http://host:9870)", stack => stack.WebHdfs, "hdfs");

    /// <summary>The file system of <see cref="WebHdfs"/> as other servers name it, <c>hdfs://host:port</c>.</summary>
    internal static ValueTask<string> Hdfs() =>
        Any("BANKING_HDFS", "the file system of a name node (hdfs://host:9000)", stack => stack.Hdfs, "hdfs");

    /// <summary><c>host:port</c> of a Hive metastore that stays up; its file system is the HDFS of <see cref="WebHdfs"/>.</summary>
    internal static ValueTask<string> Metastore() =>
        Any("BANKING_HIVE_METASTORE", "host:port of a Hive metastore", stack => stack.Metastore, "hdfs", "hive");

    /// <summary>The URL of a Presto that stays up, whose catalog <c>hive</c> is that of <see cref="Metastore"/>.</summary>
    internal static ValueTask<string> Presto() =>
        Any("BANKING_PRESTO", "the URL of a Presto coordinator", stack => stack.Presto, "hdfs", "hive", "presto");

    /// <summary>Servers that may be killed, of the running test's collection.</summary>
    internal static async ValueTask<ServerStack> Mortal(params string[] services)
    {
        Assert.SkipWhen(
            ServerStack.Launcher is null,
            "Needs servers that it may kill: set BANKING_STACK to a launcher that starts them (BANKING_STACK=<launcher> dotnet test).");
        var collection = TestContext.Current.TestCollection ?? throw new InvalidOperationException("No test is running.");
        return await (await Fixture())._mortal.GetOrAdd(collection.UniqueID, _ => new StartedOnce()).Start(services);
    }

    public async ValueTask DisposeAsync()
    {
        await _lasting.DisposeAsync();
        foreach (var mortal in _mortal.Values) await mortal.DisposeAsync();
    }

    private static async ValueTask<string> Any(string variable, string what, Func<ServerStack, string> address, params string[] services)
    {
        if (Environment.GetEnvironmentVariable(variable) is { Length: > 0 } given) return given;
        Assert.SkipWhen(
            ServerStack.Launcher is null,
            $"Needs a real server: set {variable} to {what}, or BANKING_STACK to a launcher that starts one (BANKING_STACK=<launcher> "
                + "dotnet test).");
        return address(await (await Fixture())._lasting.Start(services));
    }

    private static async ValueTask<RealServers> Fixture() =>
        await TestContext.Current.GetFixture<RealServers>() ?? throw new InvalidOperationException("The assembly has no such fixture.");

    private sealed class StartedOnce : IAsyncDisposable
    {
        private readonly SemaphoreSlim _turn = new(1, 1);
        private ServerStack? _stack;

        public async ValueTask<ServerStack> Start(string[] services)
        {
            await _turn.WaitAsync();
            try
            {
                _stack ??= await ServerStack.Create(ServerStack.Launcher!, services);
                await _stack.Start(services);
                return _stack;
            }
            finally
            {
                _turn.Release();
            }
        }

        public async ValueTask DisposeAsync()
        {
            if (_stack is not null) await _stack.DisposeAsync();
            _turn.Dispose();
        }
    }
}
