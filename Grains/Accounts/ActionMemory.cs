namespace Banking.Accounts;

/// <summary>
/// The results of an account's most recent actions. Ids that carry their time (UUIDv7) are covered for ever: what is older than the newest
/// forgotten one is refused, because it may have run.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.action-memory")]
public sealed record ActionMemory
{
    public static readonly ActionMemory Empty = new();

    [Id(0)] private byte[] Packed { get; init; } = [];

    [Id(1)] private int Count { get; init; }

    /// <summary>The newest time, in Unix milliseconds, that a forgotten id carried; 0 if none did.</summary>
    [Id(2)] public long ForgottenUpTo { get; init; }

    /// <summary>Oldest first.</summary>
    public IEnumerable<RememberedAction> Actions
    {
        get
        {
            for (var at = 0; at < Packed.Length; at += PackedActions.LengthAt(Packed, at)) yield return PackedActions.Read(Packed, at);
        }
    }

    /// <summary>The remembered action with this id, if there is one.</summary>
    public bool TryFind(in ActionIdentity identity, out RememberedAction found)
    {
        for (var at = 0; at < Packed.Length; at += PackedActions.LengthAt(Packed, at))
        {
            if (!PackedActions.HasId(Packed, at, identity)) continue;
            found = PackedActions.Read(Packed, at);
            return true;
        }

        found = default;
        return false;
    }

    public bool MayHaveForgotten(in ActionIdentity identity) => identity.IssuedAt > 0 && identity.IssuedAt <= ForgottenUpTo;

    /// <summary>Adds an action and drops the oldest ones: those above <paramref name="capacity"/>, and those decided before <paramref name="oldest"/>.</summary>
    public ActionMemory Add(in RememberedAction action, int capacity, DateTimeOffset oldest)
    {
        var (kept, dropBytes, forgotten) = (Count, 0, ForgottenUpTo);
        while (kept > 0)
        {
            var first = PackedActions.Read(Packed, dropBytes);
            if (kept < capacity && first.DecidedAt >= oldest.ToUnixTimeMilliseconds()) break;
            forgotten = Math.Max(forgotten, first.IssuedAt);
            dropBytes += PackedActions.LengthAt(Packed, dropBytes);
            kept--;
        }

        return new ActionMemory { Packed = PackedActions.Append(Packed, dropBytes, action), Count = kept + 1, ForgottenUpTo = forgotten };
    }
}
