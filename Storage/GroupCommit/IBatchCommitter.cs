namespace Banking.Storage.GroupCommit;

/// <summary>
/// One connection's part in group commit. Called by one thread. Disposal closes the database even if the housekeeping before it fails; what
/// was committed is durable even then.
/// </summary>
internal interface IBatchCommitter : IDisposable
{
    /// <summary>
    /// Applies the writes, no two of them to one row, and commits them in one transaction. Each is decided with
    /// <see cref="GrainWrite.Accept"/> or <see cref="GrainWrite.Refuse"/>; a refused one does not disturb the others.
    /// </summary>
    /// <exception cref="StorageWriteFailedException">Nothing was written, or the exception says that the outcome is unknown.</exception>
    void Commit(IReadOnlyList<GrainWrite> batch);

    /// <summary>Does housekeeping after a batch was answered.</summary>
    void Tidy();
}

/// <param name="Version">The row's version after the transaction; 0 if it never existed.</param>
/// <param name="IsConflict">Whether the row was not at the expected version and was left alone.</param>
internal readonly record struct WriteOutcome(long Version, bool IsConflict);
