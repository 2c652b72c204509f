using Banking.Lake.Columns;

namespace Banking.Lake.Sequences;

/// <summary>
/// The last sequence number of every account in one table: a row is new if its number is above it. Each account has two numbers, the last
/// one taken in and the last one in a committed file; only the latter may be saved. Takes about 50 bytes per account. Not thread-safe.
/// </summary>
internal sealed class SequenceMap : IDisposable
{
    private readonly Utf8Dictionary _accounts = new();
    private readonly PooledList<long> _accepted = new();
    private readonly PooledList<long> _durable = new();

    public int Count => _accounts.Count;

    public long Bytes => _accounts.Bytes + (2L * sizeof(long) * Count);

    /// <summary>The last number of an account that was taken in; 0 if there is none.</summary>
    /// <param name="hash">The account's <see cref="Utf8Dictionary.Hash"/>.</param>
    public long Last(ReadOnlySpan<byte> account, int hash) =>
        _accounts.Find(account, hash) is >= 0 and var index ? Math.Max(0, _accepted[index]) : 0;

    /// <summary>Takes in a row.</summary>
    /// <returns>The account's index, for <see cref="MarkDurable"/>.</returns>
    public int Accept(ReadOnlySpan<byte> account, long sequence)
    {
        var index = IndexOf(account);
        if (sequence > _accepted[index]) _accepted[index] = sequence;
        return index;
    }

    /// <summary>The index of an account; -1 if none of its rows has been seen.</summary>
    public int Find(ReadOnlySpan<byte> account) => _accounts.Find(account, Utf8Dictionary.Hash(account));

    /// <summary>Notes that a row that was taken in is in a committed file.</summary>
    public void MarkDurable(int index, long sequence)
    {
        if (sequence > _durable[index]) _durable[index] = sequence;
    }

    /// <summary>Notes a row that is in a committed file, read back or written by another owner.</summary>
    public void Observe(ReadOnlySpan<byte> account, long sequence)
    {
        var index = IndexOf(account);
        if (sequence > _accepted[index]) _accepted[index] = sequence;
        MarkDurable(index, sequence);
    }

    public ReadOnlySpan<byte> Account(int index) => _accounts[index];

    /// <summary>The account's last number in a committed file; <see cref="long.MinValue"/> if none of its rows is in a file.</summary>
    public long Durable(int index) => _durable[index];

    public void Dispose()
    {
        _accounts.Dispose();
        _accepted.Dispose();
        _durable.Dispose();
    }

    private int IndexOf(ReadOnlySpan<byte> account)
    {
        var index = _accounts.GetOrAdd(account, out var added);
        if (!added) return index;
        _accepted.Add(long.MinValue);
        _durable.Add(long.MinValue);
        return index;
    }
}
