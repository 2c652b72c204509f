namespace Banking.Storage;

/// <summary>
/// Watches that the database stays the one that it was, with everything that it had confirmed. A keyed service under the storage's name,
/// for databases that can go back to an older state under a running silo (PostgreSQL). Once that is noticed, nothing is read or written
/// until somebody accepts the database as it is now. Thread-safe.
/// </summary>
public interface IStorageContinuity
{
    /// <summary>What was noticed, as a sentence; null while all is well, and again after <see cref="Accept"/>.</summary>
    string? Loss { get; }

    /// <summary>Completes when <see cref="Loss"/> is not null; at once if that is already the case.</summary>
    Task WhenLostAsync();

    /// <summary>
    /// Accepts the database as it is now: it is read and written again. States that were read before are not written, as their ETags no
    /// longer match. Does nothing while all is well.
    /// </summary>
    void Accept();
}
