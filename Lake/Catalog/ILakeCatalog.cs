using Banking.Lake.Tables;

namespace Banking.Lake.Catalog;

/// <summary>
/// Where query engines look up the lake's tables and the folders of their days. Every call may be repeated, also by two callers at once:
/// what exists already is left as it is. All members are safe for concurrent use. They throw <see cref="CatalogException"/> when the
/// catalog is unavailable or refuses; the work may then have been done or not.
/// </summary>
public interface ILakeCatalog
{
    /// <summary>The catalog's address, for messages.</summary>
    string Address { get; }

    /// <summary>Creates the database unless it exists.</summary>
    Task EnsureDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates the table unless it exists. An older table of ours, and its partitions, get the missing columns at the end. A table of this
    /// name that is not ours is left alone.
    /// </summary>
    /// <returns>A sentence saying why the table of this name is not ours; null if it is.</returns>
    Task<string?> EnsureTableAsync(LakeTable table, CancellationToken cancellationToken);

    /// <summary>The registered days and their places. The table must exist.</summary>
    Task<IReadOnlyDictionary<DateOnly, LakePartition>> ListPartitionsAsync(LakeTable table, CancellationToken cancellationToken);

    /// <summary>Registers days at folders of the lake; those already registered stay where they are. The table must exist.</summary>
    Task AddPartitionsAsync(LakeTable table, IReadOnlyCollection<PartitionPlace> places, CancellationToken cancellationToken);

    /// <returns>Null if there is no such partition, or no such table.</returns>
    Task<LakePartition?> GetPartitionAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a partition to another folder of the lake in one step: a query sees the content of one folder or the other. If two callers
    /// move it at once, the later one wins.
    /// </summary>
    /// <param name="folder">Relative to the lake's root, as in <see cref="Store.ILakeStore"/>.</param>
    /// <param name="parameters">The parameters to set; others stay as they are.</param>
    /// <returns>False if there is no such partition.</returns>
    Task<bool> AlterLocationAsync(
        LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);
}

/// <summary>A registered day of a table.</summary>
/// <param name="Location">Where the catalog says its files are, a URL.</param>
/// <param name="Folder">The same place relative to the lake's root; null if it is not in the lake.</param>
/// <param name="Parameters">Everything that the catalog stores with the partition, including its own notes.</param>
public sealed record LakePartition(string Location, string? Folder, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Where a day is to be registered.</summary>
/// <param name="Folder">Relative to the lake's root.</param>
/// <param name="Parameters">The parameters to store with it.</param>
public sealed record PartitionPlace(DateOnly Day, string Folder, IReadOnlyDictionary<string, string> Parameters);

/// <summary>The catalog is unavailable, or refused a call; the message ends with the catalog's own sentence.</summary>
public sealed class CatalogException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>True if nobody answers: further calls made now would not be answered either.</summary>
    public bool IsAway { get; init; }
}
