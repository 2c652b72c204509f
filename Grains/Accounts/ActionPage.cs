namespace Banking.Accounts;

/// <summary>
/// Some 90 consecutive results, which are never changed: an account that remembers thousands copies only its newest ones with every action.
/// </summary>
[GenerateSerializer, Immutable, Alias("banking.action-page")]
public sealed record ActionPage
{
    [NonSerialized]
    private ulong[]? _ids;

    [Id(0)] public required byte[] Packed { get; init; }

    [Id(1)] public required int Count { get; init; }

    /// <summary>The number of its last result, counted over the account's life.</summary>
    [Id(2)] public required long Through { get; init; }

    /// <summary>When its last result was decided, Unix milliseconds.</summary>
    [Id(3)] public required long DecidedAt { get; init; }

    public long First => Through - Count + 1;

    public bool TryFind(in ActionIdentity identity, out RememberedAction found)
    {
        // Ids that lie side by side can be scanned in one pass: a busy account looks through many pages for each action.
        _ids ??= PackedActions.IdsLow(Packed, Count);
        if (_ids.AsSpan().Contains(identity.IdLow)) return PackedActions.TryFind(Packed, identity, out found);
        found = default;
        return false;
    }
}
