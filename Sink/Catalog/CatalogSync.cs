using Banking.Lake;
using Banking.Lake.Catalog;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Sink.Compaction;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Catalog;

/// <summary>
/// Keeps the catalog in step with the lake: its folders and manifests are the truth, and every pass compares all days with where the
/// catalog has them. Without a catalog queries go by the manifests alone, and a pass copies late files to the folders that these name. Not
/// thread-safe: all calls and continuations belong on one task scheduler, as a grain's do.
/// </summary>
internal sealed partial class CatalogSync : IDisposable
{
    /// <summary>
    /// How often to look for changes that nobody announced: a silo died between a commit and its notice, or somebody dropped a partition.
    /// </summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(2);

    private const int HeldNamed = 3;

    private readonly ILakeStore _store;
    private readonly ILakeCatalog? _catalog;
    private readonly CatalogMetrics _metrics;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly DayLedger _days = new();
    private readonly CompactedDays _compacted;
    private readonly Drafts _drafts;
    private readonly Dictionary<string, string> _refusals = [];
    private readonly Dictionary<string, IReadOnlyDictionary<DateOnly, string>> _held = [];
    private readonly Func<CatalogStatus> _watched;
    private long _lookedAt;
    private TimeSpan _dueAfter = TimeSpan.Zero;
    private bool _hasNews;
    private long _asked;
    private long _covered;
    private int _failures;
    private volatile CatalogStatus _status = new(0, 0, null, []);

    /// <param name="catalog">Null if queries go by the manifests alone.</param>
    public CatalogSync(
        ILakeStore store,
        ILakeCatalog? catalog,
        CatalogMetrics metrics,
        IOptions<LakeSinkOptions> options,
        TimeProvider time,
        ILogger<CatalogSync> logger)
    {
        _store = store;
        _catalog = catalog;
        _metrics = metrics;
        _timeout = options.Value.WaitTimeout;
        _time = time;
        _logger = logger;
        _compacted = new CompactedDays(store, catalog, time);
        _drafts = new Drafts(store);
        _watched = () => _status;
        metrics.Watch(_watched);
    }

    public CatalogStatus Status => _status;

    /// <summary>Makes the next tick look, if the days are news and no failure is being waited out.</summary>
    public void Announce(IEnumerable<LakeDay> days)
    {
        var news = false;
        foreach (var day in days.Where(day => LakeTables.All.Any(table => table.Name == day.Table)))
            news |= Saw(day) | _compacted.Holds(day);
        if (!news) return;
        _hasNews = true;
        Publish(_status.Failure);
        if (_failures == 0) _dueAfter = TimeSpan.Zero;
    }

    /// <summary>Brings the catalog up to date if it is due. Called about once a second; throws only when it is cancelled.</summary>
    public Task TickAsync(CancellationToken cancellationToken) =>
        _time.GetElapsedTime(_lookedAt) < _dueAfter ? Task.CompletedTask : PassAsync(++_asked, cancellationToken);

    /// <summary>Brings the catalog up to date, even while a failure is being waited out.</summary>
    /// <returns>Why some days that were in the lake at the time of the call may not be registered; null if all are.</returns>
    public async Task<string?> FlushAsync(CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_timeout, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await PassAsync(++_asked, both.Token);
        }
        catch (Exception) when (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            var who = _catalog is null ? "The look at the compacted days" : $"The metastore at {_catalog.Address}";
            return Sentence(_status.Failure ?? $"{who} was not done within {_timeout.TotalSeconds} s.");
        }

        return _status is { Failure: null, Pending: 0 } ? null : Sentence(_status.Failure ?? "");
    }

    /// <summary>Switches a day to a compacted folder; if called again for the same one, it says how that went.</summary>
    /// <returns>A sentence saying why the day is left as it is; null if it is switched.</returns>
    public async Task<string?> SwitchAsync(LakeDay day, long basis, Guid id, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var draft = await _drafts.FindAsync(day, basis, id, cancellationToken);
            if (_catalog is not null && await _catalog.EnsureTableAsync(draft.Table, cancellationToken) is { } refusal) return refusal;
            return await _compacted.SwitchAsync(draft, cancellationToken)
                ? null
                : $"Another compaction of {LakePath.DayFolder(draft.Table, draft.Day)} was first.";
        }
        catch (Exception e) when (e is DayNotCompactableException or InvalidDataException)
        {
            return e.Message;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _metrics.Unwatch(_watched);

    // A pass counts for every caller that asked before it began; for a later caller it may have listed the lake too early.
    private async Task PassAsync(long asked, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_covered >= asked) return;
            var covers = _asked;
            await PassAsync(cancellationToken);
            _covered = covers;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task PassAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        _hasNews = false;
        try
        {
            // Done before anything is asked of the catalog, so that missing days can be reported while the catalog is unavailable.
            var found = new List<(LakeTable Table, Dictionary<DateOnly, string?> Days)>();
            foreach (var table in LakeTables.All) found.Add((table, await ListLakeAsync(table, cancellationToken)));
            if (_catalog is not null) await _catalog.EnsureDatabaseAsync(cancellationToken);
            foreach (var (table, days) in found)
            {
                try
                {
                    failure ??= await CompareAsync(table, days, cancellationToken);
                }
                catch (CatalogException e) when (!e.IsAway)
                {
                    failure ??= e;
                }
            }
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            failure = e;
        }

        if (failure is null) Succeeded();
        else Failed(failure);
    }

    // The days' folders, each with the token of its last change.
    private async Task<Dictionary<DateOnly, string?>> ListLakeAsync(LakeTable table, CancellationToken cancellationToken)
    {
        var days = new Dictionary<DateOnly, string?>();
        await foreach (var entry in _store.ListAsync(table.Name, cancellationToken))
        {
            if (entry.IsFolder && LakePath.TryParseDayFolder(entry.Name, out var day)) days[day] = entry.ChangeToken;
        }

        foreach (var day in days.Keys) Saw(new LakeDay(table.Name, day));
        return days;
    }

    // Without a catalog there is nowhere a day could be missing from.
    private bool Saw(LakeDay day) => _catalog is not null && _days.Saw(day);

    /// <returns>What failed and is tried again; null if nothing did.</returns>
    private async Task<Exception?> CompareAsync(LakeTable table, Dictionary<DateOnly, string?> days, CancellationToken cancellationToken)
    {
        if (_catalog is not null && await _catalog.EnsureTableAsync(table, cancellationToken) is { } refusal)
        {
            if (_refusals.GetValueOrDefault(table.Name) != refusal) LogRefused(refusal);
            _refusals[table.Name] = refusal;
            _held.Remove(table.Name);
            _days.Know(table.Name, [], days.Keys);
            return null;
        }

        if (_refusals.Remove(table.Name)) LogNoLongerRefused(table.Name);
        var result = await _compacted.CompareAsync(table, days, cancellationToken);
        if (_catalog is not null) _days.Know(table.Name, result.Days, days.Keys.Union(result.Held.Keys));
        Tell(table, result);
        return result.Failure;
    }

    private void Tell(LakeTable table, CatalogComparison result)
    {
        var before = _held.GetValueOrDefault(table.Name);
        foreach (var (day, sentence) in result.Held)
        {
            if (before?.GetValueOrDefault(day) != sentence) LogHeld(sentence);
        }

        _held[table.Name] = result.Held;
        if (result.Added > 0) LogRegistered(table.Name, result.Added);
        if (result.Moved > 0) LogMoved(table.Name, result.Moved);
        if (result.Added + result.Moved > 0) _metrics.Registered(table.Name, result.Added + result.Moved);
    }

    private void Succeeded()
    {
        if (_failures > 0 && _catalog is not null) LogBack(_catalog.Address, _failures);
        if (_failures > 0 && _catalog is null) LogLookedThrough(_failures);
        _failures = 0;

        // What was announced during the comparison may not be in it.
        LookAfter(_hasNews ? TimeSpan.Zero : LookEvery);
        Publish(null);
    }

    private void Failed(Exception failure)
    {
        var isFirst = _failures++ == 0;
        LookAfter(LakeSinkOptions.Retries.After(_failures));
        if (_catalog is null)
        {
            if (isFirst) LogNotLookedThrough(failure);
            Publish($"The lake's compacted days could not be looked through: {failure.Message.TrimEnd('.')}.");
            return;
        }

        _metrics.Failed();
        if (isFirst) LogFailed(failure, _catalog.Address);
        Publish($"The metastore could not be brought up to date: {failure.Message.TrimEnd('.')}.");
    }

    // By the monotonic clock, which nobody sets.
    private void LookAfter(TimeSpan wait) => (_lookedAt, _dueAfter) = (_time.GetTimestamp(), wait);

    private void Publish(string? failure) => _status = new CatalogStatus(_days.Registered, _days.Pending, failure, Refusals());

    private List<string> Refusals()
    {
        var held = _held.Values.SelectMany(days => days.Values).ToList();
        List<string> sentences = [.. _refusals.Values, .. held.Take(HeldNamed)];
        if (held.Count > HeldNamed) sentences.Add($"So it is with {held.Count - HeldNamed} more days of tables; the log has them all.");
        return sentences;
    }

    private string Sentence(string failure) =>
        string.Join(' ', ((string?[])[failure, .. Refusals(), _days.PendingSentence()]).Where(s => !string.IsNullOrEmpty(s)));
}
