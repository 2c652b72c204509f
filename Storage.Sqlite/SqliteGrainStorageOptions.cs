namespace Banking.Storage.Sqlite;

/// <summary>How durable an answered write is.</summary>
public enum SqliteDurability
{
    /// <summary>
    /// It survives a power failure: the write-ahead log is flushed to the disk before the answer (<c>synchronous=FULL</c>).
    /// </summary>
    Full,

    /// <summary>It survives the end of the process; a power failure may lose the last seconds (<c>synchronous=NORMAL</c>).</summary>
    ProcessCrash,
}

/// <summary>The settings of a SQLite grain storage.</summary>
public sealed class SqliteGrainStorageOptions : GroupCommitOptions
{
    /// <summary>
    /// The database file. The file and its folder are created if missing; files ending in <c>-wal</c>, <c>-shm</c> and <c>.lock</c> are
    /// beside it.
    /// </summary>
    public string Path { get; set; } = "";

    public SqliteDurability Durability { get; set; } = SqliteDurability.Full;

    /// <summary>
    /// Whether to refuse a file that another silo holds. False lets several silos on one machine share it: that is correct, but their
    /// writers wait for each other.
    /// </summary>
    public bool ExclusiveAccess { get; set; } = true;

    /// <summary>
    /// The largest database file, in bytes; beyond it, writes fail until states are cleared. Null (the default) for as much as the disk has
    /// room for.
    /// </summary>
    public long? MaxFileBytes { get; set; }

    /// <summary>The writer's page cache, in bytes; memory is taken as it is used. Default 32 MiB.</summary>
    public long WriterCacheBytes { get; set; } = 32 << 20;

    /// <summary>The page cache of each reading connection, in bytes. Default 4 MiB.</summary>
    public long ReaderCacheBytes { get; set; } = 4 << 20;

    /// <summary>How many idle reading connections to keep open. Default 4.</summary>
    public int IdleReaders { get; set; } = 4;

    /// <summary>How long to wait for a lock that another process holds on the file. Default 5 seconds.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    internal override string? Problem() =>
        string.IsNullOrWhiteSpace(Path) ? $"{nameof(Path)} must name a file"
        : Directory.Exists(Path) ? $"{nameof(Path)} is a folder: '{Path}'"
        : !Enum.IsDefined(Durability) ? $"{nameof(Durability)} is unknown"
        : MaxFileBytes < 65_536 ? $"{nameof(MaxFileBytes)} must be at least 65536"
        : WriterCacheBytes < 1 << 16 ? $"{nameof(WriterCacheBytes)} must be at least 65536"
        : ReaderCacheBytes < 1 << 16 ? $"{nameof(ReaderCacheBytes)} must be at least 65536"
        : IdleReaders < 0 ? $"{nameof(IdleReaders)} must not be negative"
        : BusyTimeout < TimeSpan.Zero || BusyTimeout > TimeSpan.FromHours(1) ? $"{nameof(BusyTimeout)} must be between 0 and an hour"
        : base.Problem();
}
