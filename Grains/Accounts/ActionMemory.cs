using System.Runtime.InteropServices;

namespace Banking.Accounts;

/// <summary>
/// What keeps an account from running an action twice. It has the results of the most recent actions. For actions whose results are
/// forgotten, it keeps the times of ids that carry one (UUIDv7), as ranges and for ever. For all other ids it keeps a part of their hash,
/// which stays in the record until <see cref="ForgottenKeys"/> has it.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.action-memory")]
public sealed record ActionMemory
{
    public static readonly ActionMemory Empty = new();

    /// <summary>How late, in milliseconds, an action may arrive behind others that were sent after it and still count as new.</summary>
    private const long OvertakeWindow = 3_000;

    /// <summary>
    /// The most bytes of results kept above the configured number, not counting those whose callers may not have been answered.
    /// </summary>
    private const int MaxBytes = 256 << 10;

    /// <summary>The most bytes of results that are kept because the account was loaded again.</summary>
    private const int MaxHeldBytes = 2 << 20;

    /// <summary>
    /// A busy account keeps this many bytes of results for each action of a write, so that results cost each action the same.
    /// </summary>
    private const int BytesPerAction = 1 << 10;

    private const int PageBytes = 4 << 10;

    /// <summary>
    /// Hashes leave the record when there are this many or, for a write of many actions, four for each action, up to the limit.
    /// </summary>
    private const int KeysInRecord = 128;
    private const int MaxKeysInRecord = 4_096;

    [Id(0)] private byte[] Packed { get; init; } = [];

    [Id(1)] private int Count { get; init; }

    /// <summary>The newest time, in Unix milliseconds, that a forgotten id carried; 0 if none did.</summary>
    [Id(2)] public long ForgottenUpTo { get; init; }

    [Id(3)] private long ForgottenFrom { get; init; }

    [Id(4)] private long[]? EarlierForgotten { get; init; }

    /// <summary>The results before those in <see cref="Packed"/>, oldest first; null if there are none.</summary>
    [Id(5)] private ActionPage[]? Pages { get; init; }

    /// <summary>
    /// How many results the account has ever remembered, which is the number of the newest one. For records of earlier builds the count
    /// begins at the results they had.
    /// </summary>
    [Id(6)] public long Added { get; private init; }

    /// <summary>Callers of results up to this number were answered, as far as the last writer knew.</summary>
    [Id(7)] private long Settled { get; init; }

    /// <summary>
    /// Results up to this number were here when the account was loaded; they are kept while <see cref="Retention.Holding"/>.
    /// </summary>
    [Id(8)] private long HeldThrough { get; init; }

    /// <summary>Hashes of forgotten ids without time, 8 bytes each, little-endian; null if there are none.</summary>
    [Id(9)] private byte[]? KeyBytes { get; init; }

    /// <summary>When the newest of these ids was forgotten, in Unix milliseconds.</summary>
    [Id(10)] internal long KeysForgottenAt { get; private init; }

    /// <summary>The numbers of the pages of <see cref="Keys"/>.</summary>
    [Id(11)] internal long FirstKeyPage { get; private init; }

    [Id(12)] internal int KeyPages { get; private init; }

    /// <summary>Until when (Unix milliseconds) unknown ids without a time may have run, as something is missing here.</summary>
    [Id(13)] private long UnsureUntil { get; init; }

    /// <summary>The hashes in storage; set by the code that loads the account.</summary>
    [field: NonSerialized]
    internal ForgottenKeys Keys { get; private init; } = ForgottenKeys.Empty;

    /// <summary>Oldest first.</summary>
    public IEnumerable<RememberedAction> Actions =>
        (Pages ?? []).SelectMany(page => PackedActions.All(page.Packed)).Concat(PackedActions.All(Packed));

    /// <summary>Whether the account's new hashes have to be stored before the account is written.</summary>
    internal bool HasKeysToMove => RecordKeys.Length >= Math.Clamp(4 * (Added - Settled), KeysInRecord, MaxKeysInRecord);

    internal ReadOnlySpan<ulong> RecordKeys => MemoryMarshal.Cast<byte, ulong>(KeyBytes);

    private ForgottenTimes Times => new(ForgottenFrom, ForgottenUpTo, EarlierForgotten);

    /// <summary>The remembered action with this id, if there is one.</summary>
    public bool TryFind(in ActionIdentity identity, out RememberedAction found)
    {
        if (PackedActions.TryFind(Packed, identity, out found)) return true;
        foreach (var page in Pages ?? [])
        {
            if (page.TryFind(identity, out found)) return true;
        }

        return false;
    }

    /// <summary>Why an action whose id is not remembered must not run; <see cref="ActionCode.Done"/> if it may.</summary>
    public ActionCode CheckUnknown(in ActionIdentity identity, DateTimeOffset now)
    {
        if (identity.IssuedAt > 0 && Times.Contains(identity.IssuedAt)) return ActionCode.ActionTooOld;

        // Even if the id carries a time: that may have been too far ahead to count when the action ran.
        if (RecordKeys.Contains(identity.IdLow) || Keys.Contains(identity.IdLow)) return ActionCode.ActionForgotten;
        if (identity.TimeAsOf(now) > 0) return ActionCode.Done;
        if (now.ToUnixTimeMilliseconds() < UnsureUntil) return ActionCode.ActionForgotten;
        var results = Count + (Pages?.Sum(page => page.Count) ?? 0);
        return Keys.Count + RecordKeys.Length + results < ForgottenKeys.MaxKeys ? ActionCode.Done : ActionCode.TooManyActionIds;
    }

    /// <summary>Adds a result as the newest one, and forgets those that need not be kept.</summary>
    public ActionMemory Add(in RememberedAction action, in Retention keep)
    {
        var forgetting = new Forgetting(Times, keep.Holding, Keys.IsCrowded);
        var (dropBytes, dropped, bytes) = (0, 0, TotalBytes());
        while (Pages is null && dropped < Count)
        {
            var oldest = PackedActions.Read(Packed, dropBytes);
            var number = Added - Count + dropped + 1;
            if (MustKeep(number, number, oldest.DecidedAt, bytes - dropBytes, keep)) break;
            forgetting.Forget(oldest);
            dropBytes += PackedActions.LengthAt(Packed, dropBytes);
            dropped++;
        }

        var (pages, packed, count) = (Pages, PackedActions.Append(Packed, dropBytes, action), Count - dropped + 1);
        if (packed.Length >= PageBytes)
        {
            pages = [.. pages ?? [], new ActionPage { Packed = packed, Count = count, Through = Added + 1, DecidedAt = action.DecidedAt }];
            (packed, count) = ([], 0);
        }

        if (pages is not null) pages = DropPages(pages, bytes, keep, ref forgetting);
        return this with
        {
            Packed = packed,
            Count = count,
            Pages = pages,
            Added = Added + 1,
            Settled = Math.Min(keep.Settled, Added),
            HeldThrough = keep.Holding ? HeldThrough : 0,
            ForgottenFrom = forgetting.Times.From,
            ForgottenUpTo = forgetting.Times.UpTo,
            EarlierForgotten = forgetting.Times.Earlier,
            KeyBytes = forgetting.AppendKeysTo(KeyBytes),
            KeysForgottenAt = forgetting.HasKeys ? Math.Max(KeysForgottenAt, keep.Now) : KeysForgottenAt,
        };
    }

    /// <summary>Notes that callers of results up to a number were answered, or wait for an answer that is on its way.</summary>
    public ActionMemory Settle(long number) => number <= Settled ? this : this with { Settled = Math.Min(number, Added) };

    /// <summary>
    /// The memory as storage had it. If the last writer may have failed to answer somebody, everything is held for a while.
    /// </summary>
    internal ActionMemory Loaded(ForgottenKeys keys)
    {
        // Earlier builds neither counted results nor recorded answers.
        var added = Math.Max(Added, Count);
        return (this with { Added = added, HeldThrough = Settled < added ? added : HeldThrough }).WithKeys(keys);
    }

    /// <summary>The memory without the hashes that storage has.</summary>
    internal ActionMemory WithKeys(ForgottenKeys keys)
    {
        if (ReferenceEquals(keys, Keys)) return this;
        var rest = new List<ulong>();
        foreach (var key in RecordKeys)
        {
            if (!keys.Contains(key)) rest.Add(key);
        }

        return this with
        {
            Keys = keys,
            FirstKeyPage = keys.First,
            KeyPages = keys.Pages.Length,
            KeyBytes = rest.Count == 0 ? null : MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(rest)).ToArray(),
        };
    }

    /// <summary>
    /// For an account that may have run actions which this memory does not know, as after a restore. Ids with a time up to now are refused
    /// for ever, and ids without a time for a while.
    /// </summary>
    /// <param name="until">Until when callers may repeat an action whose id carries no time.</param>
    public ActionMemory Distrust(DateTimeOffset now, DateTimeOffset until) => this with
    {
        ForgottenFrom = 0,
        ForgottenUpTo = Math.Max(ForgottenUpTo, now.ToUnixTimeMilliseconds() + ActionIdentity.MaxClockLead),
        EarlierForgotten = null,
        UnsureUntil = Math.Max(UnsureUntil, until.ToUnixTimeMilliseconds()),
    };

    private int TotalBytes()
    {
        var bytes = Packed.Length;
        foreach (var page in Pages ?? []) bytes += page.Packed.Length;
        return bytes;
    }

    private bool MustKeep(long first, long last, long decidedAt, int bytes, in Retention keep)
    {
        if (last > keep.Settled) return true;
        if (keep.Holding && first <= HeldThrough && bytes <= MaxHeldBytes) return true;
        if (decidedAt < keep.Oldest) return false;
        if (Added - last + 1 < keep.Capacity) return true;

        // After the clock was set back, nothing counts as young.
        var age = keep.Now - decidedAt;
        if (age < -ActionIdentity.MaxClockLead) return false;
        var unanswered = Added - Math.Min(keep.Settled, Added);
        return age < OvertakeWindow
            ? bytes <= MaxBytes
            : age < keep.RetryWindow && bytes <= Math.Min(MaxBytes, unanswered * BytesPerAction);
    }

    // Results that are held come before younger ones that are not.
    private ActionPage[]? DropPages(ActionPage[] pages, int bytes, in Retention keep, ref Forgetting forgetting)
    {
        List<ActionPage>? kept = null;
        for (var i = 0; i < pages.Length; i++)
        {
            var page = pages[i];
            if (MustKeep(page.First, page.Through, page.DecidedAt, bytes, keep))
            {
                kept?.Add(page);
                continue;
            }

            kept ??= [.. pages.AsSpan(0, i)];
            bytes -= page.Packed.Length;
            foreach (var action in PackedActions.All(page.Packed)) forgetting.Forget(action);
        }

        return kept switch { null => pages, [] => null, _ => [.. kept] };
    }
}
