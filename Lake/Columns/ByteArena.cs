using System.Buffers;

namespace Banking.Lake.Columns;

/// <summary>
/// Byte strings stored one after the other in pooled chunks, and read back in the order in which they were added. A string never straddles
/// two chunks. Not thread-safe.
/// </summary>
internal sealed class ByteArena : IDisposable
{
    private const int SmallestChunk = 16 * 1024;
    private const int LargestChunk = 1024 * 1024;

    // Not the shared pool, which keeps arrays for every thread that ever returned one. At most 32 MiB are idle here.
    private static readonly ArrayPool<byte> Pool = ArrayPool<byte>.Create(LargestChunk, maxArraysPerBucket: 16);

    private readonly List<byte[]> _chunks = [];
    private int _used;

    public long Bytes { get; private set; }

    public void Add(ReadOnlySpan<byte> value)
    {
        if (_chunks.Count == 0 || _chunks[^1].Length - _used < value.Length)
        {
            // Small at first: most tables of most partitions are quiet.
            var size = _chunks.Count == 0 ? SmallestChunk : Math.Min(_chunks[^1].Length * 2, LargestChunk);
            _chunks.Add(Pool.Rent(Math.Max(size, value.Length)));
            _used = 0;
        }

        value.CopyTo(_chunks[^1].AsSpan(_used));
        _used += value.Length;
        Bytes += value.Length;
    }

    public Cursor Read() => new(_chunks);

    public void Dispose()
    {
        foreach (var chunk in _chunks) Pool.Return(chunk);
        _chunks.Clear();
        Bytes = 0;
    }

    /// <summary>Walks the strings by their lengths.</summary>
    public struct Cursor(List<byte[]> chunks)
    {
        private int _chunk;
        private int _position;

        public ReadOnlySpan<byte> Next(int length)
        {
            // Mirrors Add: a string that did not fit into the rest of a chunk is at the start of the next one.
            if (chunks[_chunk].Length - _position < length)
            {
                _chunk++;
                _position = 0;
            }

            var value = chunks[_chunk].AsSpan(_position, length);
            _position += length;
            return value;
        }
    }
}
