using Banking.Client.Terminals;

namespace Banking.Client.Verifying;

/// <summary>The lake that is verified, whoever reads it.</summary>
internal interface IAuditedLake : IDisposable
{
    /// <summary>
    /// Looks for files that an engine would stumble over: anything visible in a table's folder that is no whole Parquet file.
    /// </summary>
    /// <exception cref="CommandFailedException">The lake can't be read.</exception>
    Task<FileCheck> CheckFilesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes the table or view <see cref="AuditDatabase.LakeEvents"/> with the events of the lake's files, which must have been found
    /// readable.
    /// </summary>
    /// <exception cref="CommandFailedException">The lake's tables lack a column.</exception>
    Task OfferEventsAsync(AuditDatabase audit, CancellationToken cancellationToken);
}

/// <param name="Files">How many there are.</param>
/// <param name="Unreadable">A sentence on each that is no whole Parquet file.</param>
internal sealed record FileCheck(int Files, IReadOnlyList<string> Unreadable);
