namespace Banking.Streaming.Provider;

/// <summary>Chunks in the order of their offsets, found by offset. Not thread-safe.</summary>
internal sealed class ChunkQueue
{
    private readonly List<Chunk> _chunks = [];

    public int Count => _chunks.Count;

    public Chunk Oldest => _chunks[0];

    public void Add(Chunk chunk) => _chunks.Add(chunk);

    public void RemoveOldest() => _chunks.RemoveAt(0);

    /// <summary>The first chunk that ends after an offset; null if there is none.</summary>
    public Chunk? Find(long offset)
    {
        var (low, high) = (0, _chunks.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_chunks[middle].End <= offset) low = middle + 1;
            else high = middle;
        }

        return low < _chunks.Count ? _chunks[low] : null;
    }
}
