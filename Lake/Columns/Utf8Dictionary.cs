namespace Banking.Lake.Columns;

/// <summary>
/// Numbers distinct byte strings 0, 1, 2 ... It uses open addressing over one array of bytes: an entry costs its own bytes and about 24
/// more. Not thread-safe.
/// </summary>
internal sealed class Utf8Dictionary : IDisposable
{
    private const int Empty = 0;
    private const int ChunkBits = 16;
    private readonly List<byte[]> _chunks = [];
    private readonly PooledList<Entry> _entries = new();
    private int[] _slots = new int[64];
    private int _used = int.MaxValue;
    private long _bytes;

    public int Count => _entries.Count;

    public long Bytes => _bytes + (_slots.Length * sizeof(int)) + (_entries.Count * 16L);

    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            ref var entry = ref _entries[index];
            return _chunks[entry.Chunk].AsSpan(entry.Start, entry.Length);
        }
    }

    public static int Hash(ReadOnlySpan<byte> key)
    {
        var hash = default(HashCode);
        hash.AddBytes(key);
        return hash.ToHashCode();
    }

    /// <summary>The key's number; -1 if it has none.</summary>
    /// <param name="hash">The key's <see cref="Hash"/>, which is the same in all dictionaries of the process.</param>
    public int Find(ReadOnlySpan<byte> key, int hash) => _entries.Count == 0 ? -1 : _slots[FindSlot(key, hash)] - 1;

    public int GetOrAdd(ReadOnlySpan<byte> key, out bool added)
    {
        var hash = Hash(key);
        var slot = FindSlot(key, hash);
        added = _slots[slot] == Empty;
        if (!added) return _slots[slot] - 1;
        Store(key, hash);
        _slots[slot] = _entries.Count;
        if (_entries.Count * 4 > _slots.Length * 3) Grow();
        return _entries.Count - 1;
    }

    public void Dispose()
    {
        _entries.Dispose();
        _chunks.Clear();
    }

    private int FindSlot(ReadOnlySpan<byte> key, int hash)
    {
        var mask = _slots.Length - 1;
        var slot = hash & mask;
        while (_slots[slot] != Empty)
        {
            var index = _slots[slot] - 1;
            if (_entries[index].Hash == hash && this[index].SequenceEqual(key)) break;
            slot = (slot + 1) & mask;
        }

        return slot;
    }

    private void Store(ReadOnlySpan<byte> key, int hash)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < key.Length)
        {
            var size = _chunks.Count == 0 ? 1 << 10 : 1 << ChunkBits;
            _chunks.Add(new byte[Math.Max(size, key.Length)]);
            _used = 0;
        }

        key.CopyTo(_chunks[^1].AsSpan(_used));
        _entries.Add(new Entry(hash, _chunks.Count - 1, _used, key.Length));
        _used += key.Length;
        _bytes += key.Length;
    }

    private void Grow()
    {
        _slots = new int[_slots.Length * 2];
        var mask = _slots.Length - 1;
        for (var i = 0; i < _entries.Count; i++)
        {
            var slot = _entries[i].Hash & mask;
            while (_slots[slot] != Empty) slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    private readonly record struct Entry(int Hash, int Chunk, int Start, int Length);
}
