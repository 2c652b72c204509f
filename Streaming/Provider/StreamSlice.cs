using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>
/// What the receiver hands to the pulling agent: not events, but the news that a stream has some (in a new chunk, or in history that was
/// waited for). The agent wakes the stream's cursors; those read from the cache. Never delivered.
/// </summary>
internal sealed class StreamSlice(StreamId stream, long offset, Chunk? chunk) : IBatchContainer
{
    public StreamId StreamId => stream;

    public StreamSequenceToken SequenceToken { get; } = new EventSequenceTokenV2(offset);

    /// <summary>The chunk to cache; null if the slice only wakes.</summary>
    public Chunk? Chunk => chunk;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => throw new NotSupportedException("A slice is not for consumers.");

    public bool ImportRequestContext() => false;
}
