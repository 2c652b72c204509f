using System.Collections.Concurrent;
using Banking.Lake.Catalog;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Sink.Tests.Support;

/// <summary>A catalog that can be away, can hold its answers back, and can have a table that is not the lake's.</summary>
internal sealed class MemoryCatalog : ILakeCatalog
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<DateOnly, LakePartition>> _tables = new();

    public string Address => "memory";

    /// <summary>Every call throws this.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Every call waits for this.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Tables that are somebody else's.</summary>
    public HashSet<string> Foreign { get; } = [];

    public int Calls { get; private set; }

    public IEnumerable<string> Partitions =>
        _tables.SelectMany(t => t.Value.Keys.Select(day => $"{t.Key}/{LakePath.DayFolderName(day)}")).Order(StringComparer.Ordinal);

    public void Drop(LakeTable table, DateOnly day)
    {
        if (_tables.TryGetValue(table.Name, out var days)) days.TryRemove(day, out _);
    }

    /// <summary>Drops a table with its partitions; no file.</summary>
    public void Drop(LakeTable table) => _tables.TryRemove(table.Name, out _);

    /// <summary>What it knows, as a backup has it.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, LakePartition>> Save() =>
        _tables.ToDictionary(table => table.Key, table => (IReadOnlyDictionary<DateOnly, LakePartition>)table.Value.ToDictionary());

    /// <summary>Makes it know what it knew at the backup, and nothing else; an empty one is a metastore made anew.</summary>
    public void Restore(IReadOnlyDictionary<string, IReadOnlyDictionary<DateOnly, LakePartition>> backup)
    {
        _tables.Clear();
        foreach (var (name, days) in backup) _tables[name] = new(days);
    }

    /// <summary>As when somebody alters it by hand.</summary>
    public void Place(LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string>? parameters = null) =>
        _tables.GetOrAdd(table.Name, _ => new())[day] = At(folder, parameters ?? new Dictionary<string, string>());

    public Task EnsureDatabaseAsync(CancellationToken cancellationToken) => AnswerAsync(cancellationToken);

    public async Task<string?> EnsureTableAsync(LakeTable table, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        if (Foreign.Contains(table.Name)) return $"The table {table.Name} is not the lake's.";
        _tables.TryAdd(table.Name, new());
        return null;
    }

    public async Task<IReadOnlyDictionary<DateOnly, LakePartition>> ListPartitionsAsync(
        LakeTable table, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        return Find(table).ToDictionary();
    }

    public async Task AddPartitionsAsync(LakeTable table, IReadOnlyCollection<PartitionPlace> places, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        foreach (var place in places) Find(table).TryAdd(place.Day, At(place.Folder, place.Parameters));
    }

    public async Task<LakePartition?> GetPartitionAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        return _tables.GetValueOrDefault(table.Name)?.GetValueOrDefault(day);
    }

    public async Task<bool> AlterLocationAsync(
        LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        await AnswerAsync(cancellationToken);
        if (Find(table).GetValueOrDefault(day) is not { } partition) return false;
        var all = new Dictionary<string, string>(partition.Parameters);
        foreach (var (name, value) in parameters) all[name] = value;
        Find(table)[day] = At(folder, all);
        return true;
    }

    private static LakePartition At(string folder, IReadOnlyDictionary<string, string> parameters) =>
        new("memory://lake/" + folder, folder, parameters);

    private ConcurrentDictionary<DateOnly, LakePartition> Find(LakeTable table) =>
        _tables.GetValueOrDefault(table.Name) ?? throw new CatalogException($"There is no table {table.Name}.");

    private async Task AnswerAsync(CancellationToken cancellationToken)
    {
        Calls++;
        await Gate.WaitAsync(cancellationToken);
        if (Failure is { } failure) throw new CatalogException(failure.Message, failure) { IsAway = true };
    }
}
