using System.Buffers.Binary;
using System.Diagnostics;
using Banking.Client.Loading;
using Banking.Streaming.Log;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Banking.Benchmarks.Streams;

/// <summary>What the grains of this process have counted.</summary>
internal static class Counted
{
    private static long _records;
    private static long _batches;

    public static long Records => Volatile.Read(ref _records);

    public static long Batches => Volatile.Read(ref _batches);

    /// <summary>Taken under its own lock; the values of records begin with the timestamp of their making.</summary>
    public static LatencyHistogram? Latency { get; set; }

    public static void Reset() => (_records, _batches) = (0, 0);

    public static void Add(int records)
    {
        Interlocked.Add(ref _records, records);
        Interlocked.Increment(ref _batches);
    }

    public static void Time(IReadOnlyList<LogRecord> records, LatencyHistogram latency)
    {
        var now = Stopwatch.GetTimestamp();
        lock (latency)
        {
            foreach (var record in records)
            {
                latency.Add(Stopwatch.GetElapsedTime(BinaryPrimitives.ReadInt64LittleEndian(record.Value.Span), now));
            }
        }
    }
}

/// <summary>A consumer of one partition that counts.</summary>
public interface ICountingGrain : IGrainWithStringKey;

[ImplicitStreamSubscription(Namespace)]
internal sealed class CountingGrain : Grain, ICountingGrain, IStreamSubscriptionObserver, IAsyncObserver<LogRecordBatch>
{
    public const string Namespace = "bench";

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<LogRecordBatch>().ResumeAsync(this);

    public Task OnNextAsync(LogRecordBatch item, StreamSequenceToken? token = null)
    {
        if (Counted.Latency is { } latency) Counted.Time(item.Records, latency);
        Counted.Add(item.Records.Count);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task OnCompletedAsync() => Task.CompletedTask;
}
