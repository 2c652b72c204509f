namespace Banking.Storage.GroupCommit;

/// <summary>The stored rows of a database, as the grain storage uses them: the seam between it and each database. Thread-safe.</summary>
internal interface IGrainRows : IAsyncDisposable
{
    /// <summary>
    /// 0 at first; changes whenever a database that went back to an older state was accepted. States read in another epoch are not written.
    /// </summary>
    int Epoch => 0;

    /// <summary>Null if the database can't go back to an older state while it is open.</summary>
    IStorageContinuity? Continuity => null;

    /// <summary>Commits a write, together with others; the task ends after the commit.</summary>
    /// <exception cref="StorageWriteFailedException">The write was not made, or the exception says that the outcome is unknown.</exception>
    Task<WriteOutcome> WriteAsync(GrainWrite write);

    /// <summary>Reads a row; sees every write that was answered before the call.</summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    ValueTask<StoredState> ReadAsync(GrainRow row);

    /// <summary>Reads rows, in their order.</summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    Task<IReadOnlyList<StoredState>> ReadManyAsync(IReadOnlyList<GrainRow> rows, CancellationToken cancellationToken);

    /// <summary>A page of <see cref="IGrainIndex.ListKeysAsync"/>: the keys after a given one, up to a limit.</summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    Task<IReadOnlyList<string>> ReadKeysAsync(string stateName, string after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// A page of <see cref="IGrainIndex.FindPendingAsync"/>: the grains after a given one, up to a limit, whose states were written before
    /// a Unix time in milliseconds.
    /// </summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    Task<IReadOnlyList<GrainId>> ReadPendingAsync(
        string stateName, GrainId after, long writtenBefore, int limit, CancellationToken cancellationToken);
}

/// <summary>The identity of a stored state.</summary>
internal readonly record struct GrainRow(string StateName, GrainId GrainId)
{
    public override string ToString() => $"state '{StateName}' of grain '{GrainId}'";
}

/// <param name="Version">0 if the row never existed.</param>
/// <param name="Payload">Null if there is no state, because it was never written or was cleared.</param>
internal readonly record struct StoredState(long Version, byte[]? Payload);
