using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Orleans.Providers.Streams.Common;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

/// <summary>A partition's cache over a log in memory, and the part of the pulling agent that a test needs.</summary>
internal sealed class CacheRig : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly LogStreamMetrics _metrics = new("test");
    private readonly Queue<Action> _endOfRun = new();
    private readonly List<(StreamCursor Cursor, StreamId Stream)> _cursors = [];

    public CacheRig(LogStreamOptions options)
    {
        Routing = new StreamRouting("events", Log);
        var letters = options.FailurePolicy == FailurePolicy.DeadLetter
            ? new DeadLetters(Letters, "test", options, _metrics, Time, NullLogger<DeadLetters>.Instance)
            : null;
        var decoding = new StreamDecoding(
            "test", options, _services, _services.GetRequiredService<Serializer>(), _metrics, NullLogger<StreamDecoding>.Instance, letters);
        var history = new LogHistory(Log, 0, Routing, options, _metrics, TimeProvider.System, NullLogger.Instance, CancellationToken.None);
        Cache = new PartitionCache(0, options, history, decoding, _metrics, new AgentTurns(_endOfRun.Enqueue));
        Cache.StartAt(0);
    }

    public MemoryLog Log { get; } = new();

    public MemoryLetters Letters { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public StreamRouting Routing { get; }

    public PartitionCache Cache { get; }

    /// <summary>Reads the next chunk into the cache, as the receiver does, and tells its streams' cursors, as the agent does.</summary>
    public bool Pump(int maxRecords)
    {
        if (!Cache.HasRoom) return false;
        var records = Log.Take(Cache.Next, maxRecords);
        if (records.Length == 0) return false;
        var chunk = Chunk.Build(records, Routing, 0);
        Cache.AddToCache([.. chunk.Streams.Select(stream => new StreamSlice(stream, chunk.FirstOffsetOf(stream), chunk))]);
        foreach (var (cursor, stream) in _cursors)
        {
            if (chunk.TryGetPositions(stream, out _)) cursor.Refresh(new EventSequenceTokenV2(chunk.FirstOffsetOf(stream)));
        }

        return true;
    }

    public StreamCursor Open(StreamId stream, long? token)
    {
        var cursor = (StreamCursor)Cache.TryGetCacheCursor(stream, token is null ? null : new EventSequenceTokenV2(token.Value)).Cursor!;
        _cursors.Add((cursor, stream));
        return cursor;
    }

    /// <summary>What the cursor gives to an agent that has come back from what it had before.</summary>
    public LogRecord[]? Next(StreamCursor cursor)
    {
        EndRun();
        return Take(cursor);
    }

    /// <summary>The agent waits for something.</summary>
    public void EndRun()
    {
        while (_endOfRun.TryDequeue(out var end)) end();
    }

    /// <summary>What the cursor gives in the run that is under way.</summary>
    public static LogRecord[]? Take(StreamCursor cursor) =>
        cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success
            ? ((LogBatchContainer)cursor.GetCurrent(out _)!).Records
            : null;

    public LogHeader[] HeadersOf(StreamId stream) => [Routing.Header(stream)];

    public void Dispose()
    {
        _metrics.Dispose();
        _services.Dispose();
    }
}
