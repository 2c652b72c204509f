namespace Banking.Lake;

/// <summary>
/// Which lake this is, and whose, according to files in it that are never overwritten. Thread-safe; several processes may claim one lake at
/// once.
/// </summary>
public interface ILakeIdentity
{
    /// <summary>
    /// The lake's own identity; null if nobody has claimed the lake since it was empty or written by a build that gave lakes no identity.
    /// </summary>
    /// <exception cref="InvalidDataException">The files are of a newer version, or damaged; the message is a sentence.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<LakeIdentity?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Gives the lake an identity unless it has one, and assigns it to a bank unless it belongs to one.</summary>
    /// <param name="bankId">The bank's id; null leaves the owner open.</param>
    /// <returns>The lake's identity afterwards. The lake may belong to another bank, which the caller has to check.</returns>
    /// <exception cref="InvalidDataException">The files are of a newer version, or damaged; the message is a sentence.</exception>
    /// <exception cref="IOException">The lake can't be read or written; the outcome is unknown, and the call may be made again.</exception>
    Task<LakeIdentity> ClaimAsync(string? bankId, CancellationToken cancellationToken);
}

/// <param name="LakeId">12 characters of <c>a-z</c> and <c>0-9</c>, chosen at random; a copy of a lake has the same id.</param>
/// <param name="BankId">The bank whose events are in it; null as long as no bank claimed it.</param>
public sealed record LakeIdentity(string LakeId, string? BankId);
