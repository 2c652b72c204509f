namespace Banking.Storage;

/// <summary>
/// Watches that the database stays the one that it was, with all that it had answered: a keyed service under the storage's name, where a
/// database can go back under a running silo (PostgreSQL). From the moment it is noticed nothing is read or written, until somebody
/// accepts the database as it is now. Thread-safe.
/// </summary>
public interface IStorageContinuity
{
    /// <summary>What was noticed, as a sentence; null while all is well, and again after <see cref="Accept"/>.</summary>
    string? Loss { get; }

    /// <summary>Completes when <see cref="Loss"/> is not null, at once if it is so already.</summary>
    Task WhenLostAsync();

    /// <summary>
    /// The database is read and written again, as it is now. States that were read before are not written: their ETags no longer match.
    /// Does nothing while all is well.
    /// </summary>
    void Accept();
}
