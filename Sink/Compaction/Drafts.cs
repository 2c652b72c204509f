using Banking.Lake;
using Banking.Lake.Days;
using Banking.Lake.Store;
using Banking.Lake.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Finds what another silo merged, by its number alone. The draft's place is computed here and has to be in the lake's own listing, and its
/// own manifest says what is in it.
/// </summary>
internal sealed class Drafts(ILakeStore store)
{
    private readonly ManifestBook _manifests = new(store);

    /// <exception cref="InvalidDataException">There is no such table or draft; the message is a sentence.</exception>
    public async Task<DayDraft> FindAsync(LakeDay day, long basis, Guid id, CancellationToken cancellationToken)
    {
        var table = LakeTables.All.FirstOrDefault(table => table.Name == day.Table) ?? throw new InvalidDataException(
            $"There is no table '{day.Table}' in the lake.");
        if (basis is < 0 or long.MaxValue) throw new InvalidDataException($"There is no generation {basis}.");
        var folder = CompactionPath.GenerationFolder(table, day.Day, basis + 1, id);
        var parent = CompactionPath.DayFolder(table, day.Day);
        await foreach (var entry in store.ListAsync(parent, cancellationToken))
        {
            if (!entry.IsFolder || $"{parent}/{entry.Name}" != folder) continue;
            var manifest = await _manifests.DraftAsync(table, day.Day, folder, cancellationToken) ?? throw new InvalidDataException(
                $"{folder} is not a whole draft.");
            return new DayDraft(table, day.Day, basis, id, manifest, 0, 0);
        }

        throw new InvalidDataException($"There is no draft {folder}: another compaction of that day was first, or removed it.");
    }
}

/// <summary>A day merged into a folder that nobody reads yet.</summary>
/// <param name="Basis">The generation whose folder was merged; 0 for the sink's own files.</param>
/// <param name="Id">Names its folder, together with the table, the day and the generation.</param>
/// <param name="Manifest">What the day consists of after the switch to this draft.</param>
/// <param name="FilesBefore">How many files were merged.</param>
internal sealed record DayDraft(
    LakeTable Table, DateOnly Day, long Basis, Guid Id, DayManifest Manifest, int FilesBefore, long BytesBefore);
