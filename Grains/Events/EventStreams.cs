using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Banking.Events;

/// <summary>How many partitions the game's events have, and which one is an account's.</summary>
public interface IEventPartitions
{
    int Count { get; }

    /// <summary>The same for every producer of the topic, in whatever language: murmur2 of the UTF-8 id, as Kafka's clients do it.</summary>
    int Of(string accountId);
}

/// <summary>A silo's way to the game's streams. Thread-safe.</summary>
public sealed partial class EventStreams(
    IServiceProvider services,
    IEventPartitions partitions,
    TimeProvider clock,
    IMeterFactory meters,
    ILogger<EventStreams> logger)
{
    private static readonly long WarningPeriod = TimeSpan.FromSeconds(10).Ticks;

    private readonly Counter<long> _failures = meters.Create("Banking.Grains").CreateCounter<long>("banking.events.publish_failures", "{batch}");
    private readonly Lazy<PartitionPublisher[]> _publishers = new(() =>
    {
        var provider = services.GetRequiredKeyedService<IStreamProvider>(GameNames.Streams);
        return [.. Enumerable.Range(0, partitions.Count).Select(p => new PartitionPublisher(PublisherOf(provider, p)))];
    });

    private long _warnedAt;

    public int PartitionCount => partitions.Count;

    public int PartitionOf(string accountId) => partitions.Of(accountId);

    /// <summary>Completes when the log has the events, next to each other and in order. A failure means that it may have them or not.</summary>
    public async Task Publish(int partition, IReadOnlyList<GameEvent> events)
    {
        try
        {
            await _publishers.Value[partition].Publish(events);
        }
        catch (Exception e)
        {
            // Thousands of accounts fail at once when the log is away: one sentence now and then, the rest is a number.
            _failures.Add(1);
            var now = clock.GetUtcNow().Ticks;
            var warnedAt = Interlocked.Read(ref _warnedAt);
            if (now - warnedAt > WarningPeriod && Interlocked.CompareExchange(ref _warnedAt, now, warnedAt) == warnedAt) LogPublishFailed(e, partition);
            throw;
        }
    }

    private static Func<IReadOnlyList<GameEvent>, Task> PublisherOf(IStreamProvider provider, int partition)
    {
        var stream = provider.GetStream<GameEvent>(StreamId.Create(GameNames.Events, partition.ToString(CultureInfo.InvariantCulture)));
        return events => stream.OnNextBatchAsync(events);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log does not take events (seen at partition {Partition}); they wait and are sent again.")]
    private partial void LogPublishFailed(Exception exception, int partition);
}
