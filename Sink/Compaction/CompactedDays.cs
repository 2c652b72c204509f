using Banking.Lake;
using Banking.Sink.Catalog;
using Banking.Sink.Store;
using Banking.Sink.Tables;

namespace Banking.Sink.Compaction;

/// <summary>
/// Brings late files of compacted days to where queries read them. A day is looked into when the sink's own folder of it has changed since it was last looked into, which the folder's
/// time tells. Not thread-safe.
/// </summary>
internal sealed class CompactedDays(ILakeStore store, ILakeCatalog catalog, TimeProvider time)
{
    private readonly DayShelf _shelf = new(store, catalog, time);
    private readonly ManifestBook _manifests = new(store);
    private readonly Dictionary<(string Table, DateOnly Day), (DateTimeOffset Time, int Looks)> _seen = [];

    /// <summary>Whether a day is known to be compacted, so that a new file of it is not visible by itself.</summary>
    public bool Holds(LakeDay day) => _seen.ContainsKey((day.Table, day.Day));

    /// <summary>Publishes all days of a table that may have news.</summary>
    /// <param name="folders">The time of each of the sink's own folders, read before.</param>
    public async Task PublishAsync(LakeTable table, IReadOnlyDictionary<DateOnly, DateTimeOffset> folders, CancellationToken cancellationToken)
    {
        foreach (var day in await _manifests.ListDaysAsync(table, cancellationToken))
        {
            var key = (table.Name, day);
            var changed = folders.GetValueOrDefault(day);
            var (last, looks) = _seen.GetValueOrDefault(key);
            if (last != changed) looks = 0;

            // Twice: a folder may change again in the moment that its time names.
            if (looks >= 2) continue;
            await _shelf.PublishAsync(table, day, cancellationToken);
            _seen[key] = (changed, looks + 1);
        }
    }

    /// <summary>See <see cref="DayShelf.SwitchAsync"/>.</summary>
    public Task<bool> SwitchAsync(DayDraft draft, CancellationToken cancellationToken)
    {
        // If this fails half-way the next pass finishes it.
        _seen.Remove((draft.Table.Name, draft.Day));
        return _shelf.SwitchAsync(draft, cancellationToken);
    }
}
