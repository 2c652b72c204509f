using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Banking.Gate;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace Banking.Events;

/// <summary>A silo's way to the game's streams. Thread-safe.</summary>
public sealed partial class EventStreams(
    IServiceProvider services,
    IEventPartitions partitions,
    TimeProvider time,
    IMeterFactory meters,
    ILogger<EventStreams> logger,
    BankGate? gate = null)
{
    private static readonly long WarningPeriod = TimeSpan.FromSeconds(10).Ticks;

    private readonly Counter<long> _failures = meters.Create("Banking.Grains").CreateCounter<long>(
        "banking.events.publish_failures", "{batch}");
    private readonly ConcurrentDictionary<int, PartitionPublisher> _publishers = new();
    private readonly Lock _outageLock = new();
    private volatile PublishOutage? _outage;
    private long _warnedAt;

    /// <summary>Set while the log does not take this silo's events; null once every partition that failed has taken events again.</summary>
    public PublishOutage? Outage => _outage;

    /// <summary>Accounts of this silo that are publishing.</summary>
    public BusyOutboxes Busy { get; } = new();

    /// <summary>Whether what was loaded at a <see cref="GateVersion"/> may still publish what it knows to be durable.</summary>
    public bool MayStillPublish(int version) => gate is null || gate.MayStillPublish(version);

    /// <summary>Changes whenever accounts have to be loaded again.</summary>
    public int GateVersion => gate?.Version ?? 0;

    /// <summary>
    /// As <see cref="IEventPartitions.Of"/>, but also null until storage has been checked against the log, as nothing is published before
    /// that.
    /// </summary>
    public EventPartition? PartitionOf(string accountId) => MayPublish ? partitions.Of(accountId) : null;

    /// <inheritdoc cref="IEventPartitions.HasGrown"/>
    public bool HasGrown => partitions.HasGrown;

    /// <summary>As <see cref="PartitionOf"/>, for callers that can't go on without it.</summary>
    /// <exception cref="InvalidOperationException">The log is not open yet: ask again later.</exception>
    public EventPartition RequirePartitionOf(string accountId) => PartitionOf(accountId) ?? throw NotOpen();

    /// <summary>How many partitions accounts are spread over.</summary>
    /// <exception cref="InvalidOperationException">The log is not open yet: ask again later.</exception>
    public int RequirePartitionCount() => (MayPublish ? partitions.Count : null) ?? throw NotOpen();

    /// <summary>
    /// Completes when the log has the events, next to each other and in order. A failure means that it may or may not have them.
    /// </summary>
    /// <param name="partition">Any partition that the log has, also one added after this process began.</param>
    public async Task PublishAsync(int partition, IReadOnlyList<GameEvent> events)
    {
        try
        {
            await _publishers.GetOrAdd(partition, static (p, streams) => streams.NewPublisher(p), this).PublishAsync(events);
            if (_outage is not null) Succeeded(partition);
        }
        catch (Exception e)
        {
            Failed(e, partition, partitions.IsRefusal(e) ? events[0] : null);
            throw;
        }
    }

    private bool MayPublish => gate is null || gate.MayPublish;

    private PartitionPublisher NewPublisher(int partition)
    {
        var provider = services.GetRequiredKeyedService<IStreamProvider>(GameNames.Streams);
        var stream = provider.GetStream<GameEvent>(StreamId.Create(GameNames.Events, partition.ToString(CultureInfo.InvariantCulture)));
        return new PartitionPublisher(events => stream.OnNextBatchAsync(events), partitions.IsRefusal);
    }

    private InvalidOperationException NotOpen()
    {
        var notOpen = new InvalidOperationException("The log is not open yet.");
        Failed(notOpen, PublishOutage.AnyPartition);
        return notOpen;
    }

    // Thousands of accounts fail at once when the log is unavailable: one message now and then is enough, and the rest are only counted.
    private void Failed(Exception e, int partition, GameEvent? refused = null)
    {
        lock (_outageLock) _outage = PublishOutage.After(_outage, partition, e.Message, time.GetUtcNow());
        _failures.Add(1);
        var now = time.GetUtcNow().Ticks;
        var warnedAt = Interlocked.Read(ref _warnedAt);
        if (now - warnedAt > WarningPeriod && Interlocked.CompareExchange(ref _warnedAt, now, warnedAt) == warnedAt)
        {
            if (refused is null) LogPublishFailed(e);
            else LogRefused(refused.AccountId, refused.SequenceNumber, e.Message);
        }
    }

    private void Succeeded(int partition)
    {
        lock (_outageLock) _outage = _outage?.Without(partition);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The log refuses an event of the account {AccountId}, number {SequenceNumber} or one after it; "
            + "they wait, and the other accounts go on. {Reason}")]
    private partial void LogRefused(string? accountId, long? sequenceNumber, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log does not take events; they wait and are sent again.")]
    private partial void LogPublishFailed(Exception exception);
}

/// <summary>Counts a silo's accounts that have durable events not yet confirmed by the log and go on offering them. Thread-safe.</summary>
public sealed class BusyOutboxes
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    internal void Begin() => Interlocked.Increment(ref _count);

    internal void End() => Interlocked.Decrement(ref _count);
}
