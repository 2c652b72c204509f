using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Streaming.Kafka.Tests.Brokers;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// The built Silo as several processes on one PostgreSQL database, one topic and one folder as the lake, all of a test's own. A test that gets no server is skipped.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("banking-silos-").FullName;
    private readonly List<SiloProcess> _silos = [];
    private readonly TestTopic _topic;

    private SiloCluster(string database, TestTopic topic)
    {
        Database = database;
        _topic = topic;
    }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    public string Lake => Path.Combine(_folder, "lake");

    public string Journal => Path.Combine(_folder, "journal.jsonl");

    /// <summary>Where no silo should keep anything.</summary>
    public string Data => Path.Combine(_folder, "data");

    /// <summary>What all silos wrote, for the message of a test that fails.</summary>
    public string Output => string.Join(Environment.NewLine, _silos.Select(silo => $"--- {silo.Url}{Environment.NewLine}{silo.Output}"));

    private string[] Settings =>
    [
        "--Banking:Storage:PostgreSql", Database, "--Banking:Kafka:BootstrapServers", _topic.BootstrapServers, "--Banking:Kafka:Topic", _topic.Name,
        "--Banking:Lake:Root", Lake, "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02",
    ];

    public static async Task<SiloCluster> Create() => new(await Databases.Create(), new TestTopic(await RealServers.Kafka()));

    /// <summary>Starts a silo; it is ready when this returns.</summary>
    public async Task<SiloProcess> Start(CancellationToken cancellationToken, int? port = null)
    {
        var silo = await SiloProcess.Start(Data, port ?? SiloProcess.FreePort(), cancellationToken, Settings);
        lock (_silos) _silos.Add(silo);
        return silo;
    }

    /// <summary>Starts several at once; they are ready when this returns.</summary>
    public Task<SiloProcess[]> Start(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Start(cancellationToken)));

    /// <summary>Flushes, and holds the bank's books, the journal if there is one, and the lake against each other.</summary>
    public Task<(int ExitCode, string Output)> Verify(SiloProcess silo, CancellationToken cancellationToken) => ClientProcess.Run(
        cancellationToken, ["verify", "--url", silo.Url, "--lake", Lake, .. File.Exists(Journal) ? ["--journal", Journal] : Array.Empty<string>()]);

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _topic.DisposeAsync();
        await Databases.Drop(Database);
        Directory.Delete(_folder, recursive: true);
    }
}
