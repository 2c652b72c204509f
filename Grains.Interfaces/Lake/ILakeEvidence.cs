namespace Banking.Lake;

/// <summary>What the lake says of the log: it was filled from it. Thread-safe.</summary>
public interface ILakeEvidence
{
    /// <returns>A sentence on what the log lacks, or has otherwise, of what the lake has looked at; null if there is no such
    /// thing.</returns>
    /// <exception cref="InvalidDataException">The lake's files are of a newer version, or damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<string?> FindContradictionAsync(CancellationToken cancellationToken);

    /// <summary>How far the lake is known to have a partition of a log, which may be gone.</summary>
    /// <returns>The offset below which nothing is missing; 0 if the lake has nothing of it.</returns>
    /// <exception cref="InvalidDataException">The lake's files are of a newer version, or damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The names of the lake's chains that get nothing more: those of other logs, and of what the log was before it was repaired.
    /// </summary>
    /// <exception cref="InvalidDataException">The lake's files are damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<IReadOnlyList<string>> FindClosedChainsAsync(CancellationToken cancellationToken);
}
