using Banking.Lake.Days;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>A day merged into a folder that nobody reads yet.</summary>
/// <param name="Basis">The generation whose folder was merged; 0 for the sink's own files.</param>
/// <param name="Id">Names its folder, with the table, the day and the generation.</param>
/// <param name="Manifest">What the day is once this is switched to.</param>
/// <param name="FilesBefore">How many files were merged.</param>
internal sealed record DayDraft(
    LakeTable Table, DateOnly Day, long Basis, Guid Id, DayManifest Manifest, int FilesBefore, long BytesBefore);
