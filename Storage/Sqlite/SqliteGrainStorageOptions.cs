using Orleans.Storage;

namespace Banking.Storage;

/// <summary>How durable an answered write is.</summary>
public enum SqliteDurability
{
    /// <summary>It survives a loss of power: the log is flushed to the disk before the answer (<c>synchronous=FULL</c>).</summary>
    Full,

    /// <summary>It survives the end of the process; a loss of power may take the last seconds (<c>synchronous=NORMAL</c>).</summary>
    ProcessCrash,
}

/// <summary>The settings of a SQLite grain storage.</summary>
public sealed class SqliteGrainStorageOptions
{
    /// <summary>
    /// The database file. It and its folder are made if missing; <c>-wal</c>, <c>-shm</c> and <c>.lock</c> lie beside it.
    /// </summary>
    public string Path { get; set; } = "";

    public SqliteDurability Durability { get; set; } = SqliteDurability.Full;

    /// <summary>
    /// Refuse a file that another silo holds. False lets several silos of one machine share it: correct, but their writers wait for each
    /// other.
    /// </summary>
    public bool ExclusiveAccess { get; set; } = true;

    /// <summary>The most writes of one transaction. Default 1024.</summary>
    public int MaxTransactionRows { get; set; } = 1024;

    /// <summary>The most payload bytes of one transaction; a single larger state is a transaction of its own. Default 8 MiB.</summary>
    public long MaxTransactionBytes { get; set; } = 8 << 20;

    /// <summary>
    /// The most writes that may wait; past it a write fails at once with <see cref="StorageWriteFailedException"/>. Default 20,000.
    /// </summary>
    public int MaxQueuedWrites { get; set; } = 20_000;

    /// <summary>The largest serialized state, in bytes; a larger one fails its write. Default 64 MiB.</summary>
    public int MaxStateBytes { get; set; } = 64 << 20;

    /// <summary>
    /// The largest database file, in bytes; past it writes fail until states are cleared. Null (the default): as the disk has room.
    /// </summary>
    public long? MaxFileBytes { get; set; }

    /// <summary>The writer's page cache, in bytes; memory is taken as it is used. Default 32 MiB.</summary>
    public long WriterCacheBytes { get; set; } = 32 << 20;

    /// <summary>The page cache of each reading connection, in bytes. Default 4 MiB.</summary>
    public long ReaderCacheBytes { get; set; } = 4 << 20;

    /// <summary>Idle reading connections to keep open. Default 4.</summary>
    public int IdleReaders { get; set; } = 4;

    /// <summary>How long to wait for a lock that another process holds on the file. Default 5 seconds.</summary>
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Turns states into bytes and back. Null (the default): a keyed <see cref="IGrainStorageSerializer"/> of the storage's name if there
    /// is one, else Orleans' binary serializer, which tolerates members added to a type.
    /// </summary>
    public IGrainStorageSerializer? GrainStorageSerializer { get; set; }

    /// <summary>The silo's lifecycle stage at which the database is opened.</summary>
    public int InitStage { get; set; } = ServiceLifecycleStage.ApplicationServices;

    internal PendingMarks Pending { get; } = new();

    /// <summary>
    /// States of type <typeparamref name="TState"/> for which <paramref name="isPending"/> is true are found by
    /// <see cref="IGrainIndex.FindPending"/>. The mark is part of the state's own transaction. Called within WriteStateAsync, on the state
    /// as it is written; must be quick and change nothing.
    /// </summary>
    public void MarkPending<TState>(Func<TState, bool> isPending)
    {
        ArgumentNullException.ThrowIfNull(isPending);
        Pending.Add(isPending);
    }
}
