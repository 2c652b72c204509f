using Banking.Lake.Tables;

namespace Banking.Lake.Catalog;

/// <summary>
/// Where query engines look up the lake's tables and the folders of their days. Everything may be done again, and by two at once: what is
/// there already is left as it is. All members are safe for concurrent use, and throw <see cref="CatalogException"/> when the catalog is
/// away or refuses; what they were to do is then perhaps done.
/// </summary>
public interface ILakeCatalog
{
    /// <summary>Where it is, for messages.</summary>
    string Address { get; }

    /// <summary>Makes the database unless it is there.</summary>
    Task EnsureDatabaseAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the table unless it is there; gives an older one of ours, and its partitions, the columns that it lacks, at the end. A table
    /// of this name that is not ours is left alone.
    /// </summary>
    /// <returns>Why the table of this name is not ours, a sentence; null if it is.</returns>
    Task<string?> EnsureTableAsync(LakeTable table, CancellationToken cancellationToken);

    /// <summary>The days that are registered, and where. The table must be there.</summary>
    Task<IReadOnlyDictionary<DateOnly, LakePartition>> ListPartitionsAsync(LakeTable table, CancellationToken cancellationToken);

    /// <summary>Registers days at folders of the lake; those that are registered stay where they are. The table must be there.</summary>
    Task AddPartitionsAsync(LakeTable table, IReadOnlyCollection<PartitionPlace> places, CancellationToken cancellationToken);

    /// <returns>Null if there is no such partition, or no such table.</returns>
    Task<LakePartition?> GetPartitionAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a partition to another folder of the lake in one step: a query sees what is in the one or what is in the other. Of two who
    /// move it at once the later one wins.
    /// </summary>
    /// <param name="folder">Relative to the lake's root, as in <see cref="Store.ILakeStore"/>.</param>
    /// <param name="parameters">Are set; others stay as they are.</param>
    /// <returns>False if there is no such partition.</returns>
    Task<bool> AlterLocationAsync(
        LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken);
}

/// <summary>A registered day of a table.</summary>
/// <param name="Location">Where the catalog says its files are, a URL.</param>
/// <param name="Folder">The same relative to the lake's root; null if it is not in the lake.</param>
/// <param name="Parameters">Whatever is written beside it, the catalog's own notes among them.</param>
public sealed record LakePartition(string Location, string? Folder, IReadOnlyDictionary<string, string> Parameters);

/// <summary>Where a day is to be registered.</summary>
/// <param name="Folder">Relative to the lake's root.</param>
/// <param name="Parameters">What is written beside it.</param>
public sealed record PartitionPlace(DateOnly Day, string Folder, IReadOnlyDictionary<string, string> Parameters);

/// <summary>The catalog is away, or refused; the message ends with its own sentence.</summary>
public sealed class CatalogException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Nobody answers: whatever else would be asked now would not be answered either.</summary>
    public bool IsAway { get; init; }
}
