using Banking.Accounts;
using Banking.Events;
using Banking.Recovery;

namespace Banking.Silo.Recovery;

/// <summary>An account's event and its place in today's log; the place is null for an event that comes from the lake.</summary>
internal readonly record struct FoundEvent(GameEvent Event, EventPartition? Partition);

/// <summary>
/// Compares events that were found with accounts' records, and makes accounts that are behind take them in. Records are kept in memory
/// until there are too many, so that an account is read and written once for many events. For one user at a time.
/// </summary>
/// <param name="only">Accounts to look at; null for all.</param>
/// <param name="budget">Roughly how many bytes of records may be in memory.</param>
internal sealed class AccountIntake(
    AccountStore store, IntakeTotals totals, AccountOptions options, IReadOnlySet<string>? only, long budget)
{
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private readonly List<string> _unread = [];
    private long _bytes;

    /// <summary>Takes in events; those of one account must come in order.</summary>
    public async Task TakeAsync(IReadOnlyList<FoundEvent> events, CancellationToken cancellationToken)
    {
        await LoadAsync(events, cancellationToken);
        var taken = 0;
        foreach (var found in events)
        {
            if (_entries.TryGetValue(found.Event.AccountId!, out var entry) && TryTake(entry, found)) taken++;
        }

        totals.Add(events.Count, taken);
        if (_bytes > budget) await FlushAsync(cancellationToken);
    }

    /// <summary>Writes what has changed, and drops everything from memory.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        List<(string, GrainState<AccountState>)> changed = [];
        foreach (var (account, entry) in _entries)
        {
            if (entry.Gap is { } gap && entry.SetAside is null) totals.Gaps[account] = gap;
            if (entry.SetAside is { } reason) await SetAsideAsync(account, entry, reason);
            if (!entry.IsChanged) continue;
            if (entry.State is { IsOpen: true, FullName: "" }) await NamelessAsync(account);

            // The account's events are in the log, as that is where they were taken from.
            entry.Stored.State = entry.SetAside is null
                ? entry.State with { Outbox = [], Partition = entry.Partition ?? entry.State.Partition }
                : entry.State;
            changed.Add((account, entry.Stored));
        }

        _entries.Clear();
        _bytes = 0;
        if (changed.Count == 0) return;

        // An account may act meanwhile, if nothing could be compared when it was loaded: it is looked at once more.
        var conflicts = await store.WriteAsync(changed, cancellationToken);
        foreach (var account in conflicts) totals.Gaps.TryAdd(account, default);
        totals.Wrote(changed.Count - conflicts.Count);
    }

    private async Task LoadAsync(IReadOnlyList<FoundEvent> events, CancellationToken cancellationToken)
    {
        _unread.Clear();
        foreach (var found in events)
        {
            var account = found.Event.AccountId!;
            if ((only is null || only.Contains(account)) && _entries.TryAdd(account, Entry.Unread)) _unread.Add(account);
        }

        if (_unread.Count == 0) return;
        var states = await store.ReadAsync(_unread, cancellationToken);
        for (var i = 0; i < states.Count; i++)
        {
            var entry = new Entry(states[i]);
            _entries[_unread[i]] = entry;
            _bytes += entry.Bytes + (4 * _unread[i].Length);
        }
    }

    private bool TryTake(Entry entry, in FoundEvent found)
    {
        if (entry.SetAside is not null || entry.State.SetAside is not null) return false;
        switch (AccountHistory.TakeIn(entry.State, found.Event, options, out var next, out var reason))
        {
            case Intake.Taken:
                (entry.State, entry.IsChanged, entry.Gap) = (next, true, null);
                if (found.Partition is not null) entry.Partition = found.Partition;
                if (entry.Taken++ < options.RememberedActions) _bytes += Entry.BytesOfAction;
                return true;
            case Intake.Gap:
                entry.Gap ??= (entry.State.SequenceNumber + 1, found.Event.SequenceNumber!.Value);
                return false;
            case Intake.Contradiction:
                (entry.SetAside, entry.IsChanged) = (reason, true);
                return false;
            default:
                return false;
        }
    }

    private async Task SetAsideAsync(string account, Entry entry, string reason)
    {
        await store.NoteAsync(account, reason, isSetAside: true);
        totals.FoundSetAside();
        entry.State = (entry.Stored.State ?? new AccountState()) with { SetAside = reason };
    }

    private async Task NamelessAsync(string account)
    {
        await store.NoteAsync(
            account, "The holder's name is not known: it was not in what the account was restored from.", isSetAside: false);
        totals.FoundNameless();
    }

    private sealed class Entry(GrainState<AccountState> stored)
    {
        public const int BytesOfAction = 48;
        private const int BytesOfState = 600;
        private const int BytesOfEvent = 500;
        private const int BytesOfPosition = 150;

        /// <summary>A placeholder until the account's record is read.</summary>
        public static readonly Entry Unread = new(new GrainState<AccountState>(new AccountState()));

        public GrainState<AccountState> Stored { get; } = stored;

        public AccountState State { get; set; } = stored.State ?? new AccountState();

        public EventPartition? Partition { get; set; }

        public bool IsChanged { get; set; }

        public int Taken { get; set; }

        public (long Missing, long Found)? Gap { get; set; }

        /// <summary>Why the account is to be set aside.</summary>
        public string? SetAside { get; set; }

        public int Bytes => BytesOfState + (BytesOfEvent * State.Outbox.Length) + (BytesOfPosition * State.Positions.Length) + (
            BytesOfAction * 8);
    }
}
