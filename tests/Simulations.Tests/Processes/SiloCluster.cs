using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Silo.Starting;
using Banking.Streaming.Kafka.Tests.Brokers;
using Npgsql;

namespace Banking.Simulations.Tests.Processes;

/// <summary>
/// The built Silo as several processes on one PostgreSQL database, one topic and one folder as the lake, all of a test's own. A test that
/// gets no server is skipped.
/// </summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<SiloProcess> _silos = [];
    private readonly TestTopic _topic;
    private readonly Func<ValueTask> _dropDatabase;

    private SiloCluster(string database, TestTopic topic, Func<ValueTask> dropDatabase)
    {
        Database = database;
        _topic = topic;
        _dropDatabase = dropDatabase;
    }

    /// <summary>The connection string.</summary>
    public string Database { get; }

    public string Lake => _folder.File("lake");

    public string Journal => _folder.File("journal.jsonl");

    /// <summary>Where no silo should keep anything.</summary>
    public string Data => _folder.File("data");

    /// <summary>What all silos wrote, for the message of a test that fails.</summary>
    public string Output => string.Join(Environment.NewLine, _silos.Select(silo => $"--- {silo.Url}{Environment.NewLine}{silo.Output}"));

    private string[] Settings =>
    [
        "--Banking:Storage:PostgreSql", Database, "--Banking:Kafka:BootstrapServers", _topic.BootstrapServers, "--Banking:Kafka:Topic",
        _topic.Name,
        "--Banking:Lake:Root", Lake, "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02",
    ];

    /// <summary>On servers that stay up.</summary>
    public static async Task<SiloCluster> Create()
    {
        var topic = new TestTopic(await RealServers.Kafka());
        var database = await Databases.Create();
        return new SiloCluster(database, topic, () => Databases.Drop(database));
    }

    /// <summary>On servers of the test's own; the database is one that ends with its server.</summary>
    public static SiloCluster On(string database, string bootstrapServers) =>
        new(database, new TestTopic(bootstrapServers), () => ValueTask.CompletedTask);

    /// <summary>Starts a silo; it is ready when this returns.</summary>
    public Task<SiloProcess> Start(CancellationToken cancellationToken, int? port = null, params string[] more) =>
        Start(SiloProcess.Program, cancellationToken, port, more);

    /// <summary>Starts a silo of a build; it is ready when this returns.</summary>
    public async Task<SiloProcess> Start(string program, CancellationToken cancellationToken, int? port = null, params string[] more)
    {
        var silo = await SiloProcess.StartProgram(program, Data, port ?? SiloProcess.FreePort(), cancellationToken, [.. Settings, .. more]);
        lock (_silos) _silos.Add(silo);
        return silo;
    }

    /// <summary>Starts a silo that the others don't let in; returns when it has given up.</summary>
    public Task<(int ExitCode, string Output)> StartInVain(CancellationToken cancellationToken) =>
        SiloProcess.StartInVain(Data, SiloProcess.FreePort(), cancellationToken, Settings);

    /// <summary>Starts several at once; they are ready when this returns.</summary>
    public Task<SiloProcess[]> Start(int count, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => Start(cancellationToken)));

    /// <summary>Flushes, and holds the bank's books, the journals beside <see cref="Journal"/>, and the lake against each other.</summary>
    public Task<(int ExitCode, string Output)> Verify(SiloProcess silo, CancellationToken cancellationToken) => ClientProcess.Run(
        cancellationToken,
        ["verify", "--url", silo.Url, "--lake", Lake,
            .. Directory.GetFiles(_folder.Path, "journal*").SelectMany(file => new[] { "--journal", file })]);

    /// <summary>How many silos the others declared dead.</summary>
    public async Task<long> CountDead(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(Database + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"SELECT count(*) FROM {ClusterDatabase.Schema}.OrleansMembershipTable WHERE Status = 6", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in _silos) await silo.DisposeAsync();
        await _topic.DisposeAsync();
        await _dropDatabase();
        _folder.Dispose();
    }
}
