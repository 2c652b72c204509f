using Banking.Lake;
using Banking.Sink.Tables;

namespace Banking.Sink.Compaction;

/// <summary>A day merged into a folder that nobody reads yet.</summary>
/// <param name="Basis">The generation whose folder was merged; 0 for the sink's own files.</param>
/// <param name="Manifest">What the day is once this is switched to.</param>
/// <param name="FilesBefore">How many files were merged.</param>
internal sealed record DayDraft(LakeTable Table, DateOnly Day, long Basis, DayManifest Manifest, int FilesBefore, long BytesBefore)
{
    /// <summary>What another silo merged, as far as a switch needs to know.</summary>
    /// <exception cref="InvalidDataException">There is no such table, or it is no manifest.</exception>
    public static DayDraft Received(LakeDay day, long basis, byte[] manifest) => new(
        LakeTables.All.FirstOrDefault(table => table.Name == day.Table) ?? throw new InvalidDataException($"There is no table {day.Table}."),
        day.Day,
        basis,
        DayManifest.Decode(manifest, "The draft"),
        0,
        0);
}
