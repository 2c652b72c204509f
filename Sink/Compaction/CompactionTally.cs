using Banking.Lake;
using Banking.Lake.Files;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>Counts the progress of a compaction. Thread-safe.</summary>
internal sealed class CompactionTally(string id, bool scheduled, TimeProvider time)
{
    // As many as people can read; the program's log has them all.
    private const int MaxSkipped = 100;

    private readonly Lock _lock = new();
    private readonly long _started = time.GetTimestamp();
    private CompactionStatus _status = new(
        id, CompactionState.Running, scheduled, 0, null, 0, "looking for small files", 0, 0, 0, 0, 0, 0, 0, 0, [], null);

    public static CompactionStatus Nothing { get; } = new(
        "", CompactionState.None, false, 0, null, 0, null, 0, 0, 0, 0, 0, 0, 0, 0, [], null);

    public CompactionStatus Status
    {
        get
        {
            lock (_lock) return _status.State == CompactionState.Running ? _status with { Seconds = Elapsed } : _status;
        }
    }

    private double Elapsed => time.GetElapsedTime(_started).TotalSeconds;

    public void Found(int days) => Change(status => status with { Days = days });

    public void Begin(LakeTable table, DateOnly day) => Change(status => status with { Now = $"{table.Name} of {LakePath.Day(day)}" });

    public void Wrote(long rows) => Change(status => status with { RowsWritten = status.RowsWritten + rows });

    public void Switched(DayDraft draft) => Change(status => status with
    {
        DaysDone = status.DaysDone + 1,
        DaysSwitched = status.DaysSwitched + 1,
        FilesBefore = status.FilesBefore + draft.FilesBefore,
        FilesAfter = status.FilesAfter + draft.Manifest.Parts.Count,
        BytesBefore = status.BytesBefore + draft.BytesBefore,
        BytesAfter = status.BytesAfter + draft.Manifest.Parts.Sum(part => part.Bytes),
        Rows = status.Rows + draft.Manifest.Rows,
    });

    /// <param name="sentence">Why the day was left as it is; null if there is nothing to say.</param>
    public void Left(string? sentence) => Change(status => status with
    {
        DaysDone = status.DaysDone + 1,
        Skipped = sentence is null || status.Skipped.Count >= MaxSkipped ? status.Skipped : [.. status.Skipped, sentence],
    });

    public void Clean() => Change(status => status with { Now = "removing what is no longer read" });

    public void Removed(int count) => Change(status => status with { Removed = status.Removed + count });

    public void End(string? failure) => Change(status => status with
    {
        State = failure is null ? CompactionState.Done : CompactionState.Failed,
        Seconds = Elapsed,
        Now = null,
        Failure = failure,
    });

    private void Change(Func<CompactionStatus, CompactionStatus> change)
    {
        lock (_lock) _status = change(_status);
    }
}
