using System.Runtime.InteropServices;

namespace Banking.Accounts;

/// <summary>
/// Ids without a time that an account has run and must not run again, though it has forgotten their results. 64 bits of each id's hash are
/// kept, in pages stored beside the account. Never changed in place. Pages are numbered consecutively through the account's life.
/// </summary>
internal sealed class ForgottenKeys
{
    /// <summary>
    /// The most ids without a time that an account keeps in all of its memory, which is 1 MiB. Beyond that it refuses new ones until a page
    /// is a day old.
    /// </summary>
    public const int MaxKeys = 131_072;

    /// <summary>A page that has this many ids takes no more.</summary>
    public const int PageKeys = 8_192;

    private const int Room = MaxKeys / 4 * 3;

    public static readonly ForgottenKeys Empty = new(0, []);

    private ForgottenKeys(long first, KeyPage[] pages)
    {
        (First, Pages) = (first, pages);
        Count = pages.Sum(page => page.Count);
    }

    /// <summary>The number of the oldest page.</summary>
    public long First { get; }

    public KeyPage[] Pages { get; }

    public int Count { get; }

    public bool IsCrowded => Count > Room;

    public static ForgottenKeys Of(long first, KeyPage[] pages) => new(first, pages);

    public bool Contains(ulong id)
    {
        foreach (var page in Pages)
        {
            if (page.Contains(id)) return true;
        }

        return false;
    }

    /// <summary>The keys with more ids, in the last page or in a new one.</summary>
    /// <param name="at">When the newest of them was forgotten, in Unix milliseconds.</param>
    public ForgottenKeys Add(ReadOnlySpan<ulong> ids, long at)
    {
        if (Pages is not [.., var last] || last.Count + ids.Length > PageKeys)
            return new(First, [.. Pages, KeyPage.Of(First + Pages.Length, [], ids, at)]);
        return new(First, [.. Pages[..^1], KeyPage.Of(last.Number, last.Keys, ids, Math.Max(at, last.NewestAt))]);
    }

    /// <summary>
    /// The keys without the pages whose newest id was forgotten before a given time, if room is needed. A clock that is wrong for a while
    /// thus does no harm to accounts that have room.
    /// </summary>
    public ForgottenKeys MakeRoom(long oldest)
    {
        var expired = 0;
        for (var count = Count; count > Room && Pages[expired].NewestAt < oldest; expired++) count -= Pages[expired].Count;
        return expired == 0 ? this : new(First + expired, Pages[expired..]);
    }
}

/// <summary>One page of <see cref="ForgottenKeys"/>, as it is stored.</summary>
[GenerateSerializer, Immutable, Alias("banking.forgotten-keys")]
internal sealed record KeyPage
{
    [Id(0)] public long Number { get; init; }

    /// <summary>8 bytes per id: little-endian numbers in ascending order.</summary>
    [Id(1)] public byte[] Sorted { get; init; } = [];

    /// <summary>When the newest of these ids was forgotten, in Unix milliseconds.</summary>
    [Id(2)] public long NewestAt { get; init; }

    public int Count => Sorted.Length / sizeof(ulong);

    public ReadOnlySpan<ulong> Keys => MemoryMarshal.Cast<byte, ulong>(Sorted);

    public static KeyPage Of(long number, ReadOnlySpan<ulong> sorted, ReadOnlySpan<ulong> more, long newestAt)
    {
        ulong[] all = [.. sorted, .. more];
        Array.Sort(all);
        return new() { Number = number, Sorted = MemoryMarshal.AsBytes(all.AsSpan()).ToArray(), NewestAt = newestAt };
    }

    public bool Contains(ulong id) => Keys.BinarySearch(id) >= 0;
}
