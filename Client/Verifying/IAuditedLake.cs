using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary>The lake that is verified, whoever reads it.</summary>
internal interface IAuditedLake : IDisposable
{
    /// <summary>
    /// Looks for files on which an engine would fail: anything visible in a table's folder that is not a complete Parquet file.
    /// </summary>
    /// <exception cref="CommandFailedException">The lake can't be read.</exception>
    Task<FileCheck> CheckFilesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Creates the table or view <see cref="AuditDatabase.LakeEvents"/> with the events of the lake's files, which must have been found
    /// readable.
    /// </summary>
    /// <exception cref="CommandFailedException">The lake's tables lack a column.</exception>
    Task OfferEventsAsync(AuditDatabase audit, CancellationToken cancellationToken);
}

/// <param name="Files">How many files there are.</param>
/// <param name="Unreadable">A sentence about each that is not a complete Parquet file.</param>
internal sealed record FileCheck(int Files, IReadOnlyList<string> Unreadable);
