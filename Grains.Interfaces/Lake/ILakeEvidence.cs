namespace Banking.Lake;

/// <summary>What the lake tells about the log it was filled from. Thread-safe.</summary>
public interface ILakeEvidence
{
    /// <returns>A sentence about records that the lake has read and that the log lacks or has with other content; null if there are
    /// none.</returns>
    /// <exception cref="InvalidDataException">The lake's files are of a newer version, or damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<string?> FindContradictionAsync(CancellationToken cancellationToken);

    /// <summary>How far the lake is known to have a partition of a log, also of a log that is gone.</summary>
    /// <returns>The offset below which nothing is missing; 0 if the lake has nothing of the partition.</returns>
    /// <exception cref="InvalidDataException">The lake's files are of a newer version, or damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<long> FindEndAsync(string log, int partition, CancellationToken cancellationToken);

    /// <summary>
    /// The names of the lake's chains that get nothing more: those of other logs, and those of the log before it was repaired.
    /// </summary>
    /// <exception cref="InvalidDataException">The lake's files are damaged.</exception>
    /// <exception cref="IOException">The lake can't be read.</exception>
    Task<IReadOnlyList<string>> FindClosedChainsAsync(CancellationToken cancellationToken);
}
