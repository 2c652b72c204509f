namespace Banking.Lake;

/// <summary>
/// Which lake this is, and whose, as files in it say that are never overwritten. Thread-safe; several processes may claim one lake at
/// once.
/// </summary>
public interface ILakeIdentity
{
    /// <summary>
    /// What the lake says of itself; null if it is empty, or of a build that gave lakes no identity, and nobody claimed it since.
    /// </summary>
    /// <exception cref="InvalidDataException">The files are of a newer version, or damaged; the message is a sentence.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<LakeIdentity?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives the lake an identity unless it has one, and to a bank unless it is some bank's.</summary>
    /// <param name="bankId">The bank's id; null leaves open whose the lake is.</param>
    /// <returns>What the lake says afterwards: it may be another bank's, which is for the caller to see.</returns>
    /// <exception cref="InvalidDataException">The files are of a newer version, or damaged; the message is a sentence.</exception>
    /// <exception cref="IOException">The lake can't be read or written; the outcome is unknown, and the call may be made again.</exception>
    Task<LakeIdentity> ClaimAsync(string? bankId, CancellationToken cancellationToken);
}

/// <param name="LakeId">12 characters of <c>a-z</c> and <c>0-9</c>, by chance; a copy of a lake has the same.</param>
/// <param name="BankId">The bank whose events are in it; null as long as no bank claimed it.</param>
public sealed record LakeIdentity(string LakeId, string? BankId);
