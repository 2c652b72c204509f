using Banking.Lake;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Compaction;

/// <summary>
/// One compaction: looks for closed days with small files, merges and switches them one after the other, then removes files whose grace
/// period is over. It may be cancelled at any time.
/// </summary>
/// <param name="clocks">The clocks, which outlive this compaction.</param>
internal sealed partial class CompactionRound(
    CompactionServices services, CompactionClocks clocks, CompactionOrder order, int minFiles, CompactionTally tally)
{
    private readonly ManifestBook _manifests = new(services.Store);

    /// <exception cref="IOException">The lake or the catalog is unavailable.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var days = new List<(LakeTable Table, DateOnly Day)>();
        var tables = LakeTables.All.Where(table => order.Table is null || order.Table == table.Name).ToList();
        foreach (var table in tables) days.AddRange((await ChooseAsync(table, cancellationToken)).Select(day => (table, day)));
        tally.Found(days.Count);
        foreach (var (table, day) in days) await CompactAsync(table, day, cancellationToken);
        tally.Clean();
        foreach (var table in tables) await CleanAsync(table, cancellationToken);
    }

    private async Task<List<DateOnly>> ChooseAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var days = new SortedSet<DateOnly>(await _manifests.ListDaysAsync(table, cancellationToken));
        await foreach (var entry in services.Store.ListAsync(table.Name, cancellationToken))
        {
            if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days.Add(day);
        }

        var chosen = new List<DateOnly>();
        var today = clocks.Days.Today();
        foreach (var day in days.Where(day => day < today && (order.Day is null || order.Day == day)))
        {
            var manifest = await _manifests.NewestAsync(table, day, cancellationToken);
            var files = await DayListing.ReadAsync(services.Store, manifest?.Folder ?? LakePath.DayFolder(table, day), cancellationToken);
            if (CompactionChoice.IsWorthIt(files, services.Options.SmallBytes, minFiles)) chosen.Add(day);
        }

        return chosen;
    }

    private async Task CompactAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken)
    {
        tally.Begin(table, day);
        try
        {
            var compaction = new DayCompaction(services.Store, services.Catalog, services.Options, services.Time, tally.Wrote);
            if (await compaction.RunAsync(table, day, cancellationToken) is not { } draft) tally.Left(null);
            else if (await services.Switch.SwitchAsync(draft, cancellationToken) is { } sentence) Leave(table, day, sentence, null);
            else Switched(draft);
        }
        catch (Exception e) when (e is DayNotCompactableException or InvalidDataException)
        {
            // The problem concerns only this day; the others are not affected.
            Leave(table, day, e.Message, e);
        }
    }

    private void Leave(LakeTable table, DateOnly day, string sentence, Exception? exception)
    {
        LogLeft(exception, table.Name, day, sentence);
        tally.Left(sentence);
    }

    private void Switched(DayDraft draft)
    {
        LogSwitched(
            draft.Table.Name, draft.Day, draft.FilesBefore, draft.Manifest.Parts.Count, draft.Manifest.Rows, draft.Manifest.Generation);
        tally.Switched(draft);
    }

    private async Task CleanAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var cleaning = new DayCleaning(services.Store, services.Catalog, services.Encoder, services.Options, clocks.Grace, services.Time);
        foreach (var day in await _manifests.ListDaysAsync(table, cancellationToken))
        {
            if (order.Day is not null && order.Day != day) continue;
            if (await cleaning.RunAsync(table, day, cancellationToken) is { } removed and > 0) tally.Removed(removed);
        }
    }

    private readonly ILogger _logger = services.Logger;

    [LoggerMessage(Level = LogLevel.Information, Message = "Compacted {Table} of {Day}: {FilesBefore} files became {FilesAfter}, {Rows} "
        + "rows, generation {Generation}.")]
    private partial void LogSwitched(string table, DateOnly day, int filesBefore, int filesAfter, long rows, long generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Table} of {Day} was not compacted: {Sentence}")]
    private partial void LogLeft(Exception? exception, string table, DateOnly day, string sentence);
}

/// <summary>Decides which days are compacted. Pure.</summary>
internal static class CompactionChoice
{
    /// <summary>Fewer than two files can't become fewer.</summary>
    public const int MinFilesOnDemand = 2;

    /// <summary>
    /// Whether the files that queries read are small and many. A compaction leaves at most one small file, so no day is compacted twice for
    /// nothing.
    /// </summary>
    public static bool IsWorthIt(IEnumerable<DayFile> files, long smallBytes, int minFiles) =>
        files.Count(file => file.Length < smallBytes) >= minFiles;
}
