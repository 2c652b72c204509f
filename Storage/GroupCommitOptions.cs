using Orleans.Storage;

namespace Banking.Storage;

/// <summary>What the storages of all databases have in common.</summary>
public abstract class GroupCommitOptions
{
    private protected GroupCommitOptions()
    {
    }

    /// <summary>The most writes of one transaction. Default 1024.</summary>
    public int MaxTransactionRows { get; set; } = 1024;

    /// <summary>The most payload bytes of one transaction; a single larger state is a transaction of its own. Default 8 MiB.</summary>
    public long MaxTransactionBytes { get; set; } = 8 << 20;

    /// <summary>
    /// The most writes that may wait; beyond that a write fails at once with <see cref="StorageWriteFailedException"/>. Default 20,000.
    /// </summary>
    public int MaxQueuedWrites { get; set; } = 20_000;

    /// <summary>The largest serialized state, in bytes; a larger one fails its write. Default 64 MiB.</summary>
    public int MaxStateBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Turns states into bytes and back. Null (the default): a keyed <see cref="IGrainStorageSerializer"/> with the storage's name if there
    /// is one, otherwise Orleans' binary serializer, which tolerates members added to a type.
    /// </summary>
    public IGrainStorageSerializer? GrainStorageSerializer { get; set; }

    /// <summary>The silo's lifecycle stage at which the database is opened.</summary>
    public int InitStage { get; set; } = ServiceLifecycleStage.ApplicationServices;

    internal PendingMarks Pending { get; } = new();

    /// <summary>
    /// States of type <typeparamref name="TState"/> for which <paramref name="isPending"/> is true are found by
    /// <see cref="IGrainIndex.FindPendingAsync"/>. The mark is part of the state's own transaction. The function is called within
    /// WriteStateAsync on the state as it is written; it must be quick and change nothing.
    /// </summary>
    public void MarkPending<TState>(Func<TState, bool> isPending)
    {
        ArgumentNullException.ThrowIfNull(isPending);
        Pending.Add(isPending);
    }

    /// <summary>A sentence about the first setting that can't work, without the storage's name; null if all are fine.</summary>
    internal virtual string? Problem() =>
        MaxTransactionRows < 1 ? $"{nameof(MaxTransactionRows)} must be at least 1"
        : MaxTransactionBytes < 1 ? $"{nameof(MaxTransactionBytes)} must be at least 1"
        : MaxQueuedWrites < 1 ? $"{nameof(MaxQueuedWrites)} must be at least 1"
        : MaxStateBytes is < 1 or > 512 << 20 ? $"{nameof(MaxStateBytes)} must be between 1 byte and 512 MiB"
        : null;
}
