using Banking.Servers;
using Banking.Servers.PostgreSql;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>Where the parts of a bank are, embedded or on servers, and copies of them. They outlive its silos.</summary>
internal sealed class BankPlace : IAsyncDisposable
{
    private const string Bank = "bank";
    private readonly TemporaryFolder _root;
    private readonly IBankPart _database;
    private readonly ILogPart _log;
    private readonly ILakePart _lake;
    private int _copies;

    private BankPlace(TemporaryFolder root, IBankPart database, ILogPart log, ILakePart lake) =>
        (_root, _database, _log, _lake) = (root, database, log, lake);

    /// <summary>The data folder of its silos.</summary>
    public string Folder => _root.File(Bank);

    /// <summary>Whether a log that is put back is another one to the bank.</summary>
    public bool LogBecomesAnother => _log.BecomesAnother;

    /// <param name="real">The parts that are on servers; a test that gets none is skipped.</param>
    /// <param name="isMirrored">A topic is not put back itself, but as a mirror of it.</param>
    public static async Task<BankPlace> Create(BankParts real = BankParts.None, bool isMirrored = false)
    {
        var root = new TemporaryFolder();
        var (bank, copies) = (Directory.CreateDirectory(root.File(Bank)).FullName, new CopyFolders(root.Path));
        ILogPart log = !real.HasFlag(BankParts.Log) ? new EmbeddedLog(bank, copies)
            : isMirrored ? new MirroredTopicPart(await RealServers.Kafka())
            : new TopicPart(await RealServers.Mortal("kafka"), copies);
        ILakePart lake = real.HasFlag(BankParts.Lake)
            ? new HdfsPart(await RealServers.WebHdfs(), copies, root.File("shown"))
            : new EmbeddedLake(bank, copies);
        IBankPart database = real.HasFlag(BankParts.Database)
            ? new PostgresPart(await Databases.Create())
            : new EmbeddedPart(bank, copies, "storage.db*");
        return new BankPlace(root, database, log, lake);
    }

    /// <summary>What has a silo use all parts.</summary>
    public IReadOnlyDictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?> { ["Banking:DataDirectory"] = Folder };
        foreach (var part in PartsOf(BankParts.All)) part.Configure(settings);
        return settings;
    }

    /// <returns>The number of a copy of all parts as they are now.</returns>
    public async Task<int> Save()
    {
        foreach (var part in PartsOf(BankParts.All)) await part.Save(_copies);
        return _copies++;
    }

    /// <summary>What these parts have goes, and what the copy has takes its place.</summary>
    public async Task PutBack(int copy, BankParts parts)
    {
        foreach (var part in PartsOf(parts)) await part.PutBack(copy);
    }

    /// <summary>How far a copy's log goes, by partition.</summary>
    public Task<long[]> ReadLogEnds(int copy, CancellationToken cancellationToken) => _log.ReadEnds(copy, cancellationToken);

    /// <returns>A folder of this machine with all that the lake has now.</returns>
    public Task<string> ReadLake() => _lake.Read();

    public async ValueTask DisposeAsync()
    {
        foreach (var part in PartsOf(BankParts.All)) await part.DisposeAsync();
        _root.Dispose();
    }

    private IEnumerable<IBankPart> PartsOf(BankParts parts)
    {
        if (parts.HasFlag(BankParts.Database)) yield return _database;
        if (parts.HasFlag(BankParts.Log)) yield return _log;
        if (parts.HasFlag(BankParts.Lake)) yield return _lake;
    }
}
