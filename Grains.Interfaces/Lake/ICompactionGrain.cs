using Orleans.Concurrency;

namespace Banking.Lake;

/// <summary>
/// Turns the many small files of closed days into a few large ones, on a schedule and on request. There is one in the cluster, and one
/// compaction at a time; two at once would do no harm.
/// </summary>
[Alias("banking.compaction")]
public interface ICompactionGrain : IGrainWithStringKey
{
    /// <summary>The key of the only such grain.</summary>
    const string Key = "lake";

    /// <summary>Starts a compaction and returns at once.</summary>
    /// <returns>The new compaction's status; null if one is under way already.</returns>
    [AlwaysInterleave, Alias("start")]
    Task<CompactionStatus?> Start(CompactionOrder order);

    /// <summary>The status of the last compaction that this activation began. The call also wakes the grain.</summary>
    [AlwaysInterleave, Alias("status")]
    Task<CompactionStatus> GetStatus();
}

/// <summary>What to compact: days before today (UTC) with more than one small file.</summary>
/// <param name="Table">Null for all tables.</param>
/// <param name="Day">Null for all days.</param>
[GenerateSerializer, Immutable, Alias("banking.compaction-order")]
public sealed record CompactionOrder([property: Id(0)] string? Table, [property: Id(1)] DateOnly? Day);

[GenerateSerializer, Alias("banking.compaction-state")]
public enum CompactionState
{
    /// <summary>There was no compaction.</summary>
    None,

    Running,

    Done,

    Failed,
}

/// <param name="Id">Different for each compaction; empty if there was none.</param>
/// <param name="Scheduled">Whether the schedule began it.</param>
/// <param name="Seconds">For how long it has run, or ran.</param>
/// <param name="Days">How many days there are to compact, counted for each table; null until they have been found.</param>
/// <param name="DaysDone">How many of them are finished.</param>
/// <param name="Now">What it is working on, for people.</param>
/// <param name="RowsWritten">Rows written so far, including those of a day that is not switched yet.</param>
/// <param name="FilesBefore">How many files the switched days had before.</param>
/// <param name="Rows">How many rows the switched days have.</param>
/// <param name="Removed">Files and folders that were removed when their grace period was over.</param>
/// <param name="Skipped">A sentence for each day that was left as it was.</param>
/// <param name="Failure">A sentence saying why it ended early; null if it did not.</param>
[GenerateSerializer, Immutable, Alias("banking.compaction-status")]
public sealed record CompactionStatus(
    [property: Id(0)] string Id,
    [property: Id(1)] CompactionState State,
    [property: Id(2)] bool Scheduled,
    [property: Id(3)] double Seconds,
    [property: Id(4)] int? Days,
    [property: Id(5)] int DaysDone,
    [property: Id(6)] string? Now,
    [property: Id(7)] long RowsWritten,
    [property: Id(8)] int DaysSwitched,
    [property: Id(9)] int FilesBefore,
    [property: Id(10)] int FilesAfter,
    [property: Id(11)] long BytesBefore,
    [property: Id(12)] long BytesAfter,
    [property: Id(13)] long Rows,
    [property: Id(14)] int Removed,
    [property: Id(15)] IReadOnlyList<string> Skipped,
    [property: Id(16)] string? Failure);
