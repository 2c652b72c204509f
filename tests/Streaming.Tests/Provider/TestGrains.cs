using System.Collections.Concurrent;
using Banking.Streaming.Log;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Banking.Streaming.Tests.Provider;

/// <summary>What the test grains of this process saw and how they shall behave, by test (every test has keys of its own).</summary>
internal static class Sightings
{
    private static readonly ConcurrentDictionary<string, Sighting> All = new();

    public static Sighting Of(string test) => All.GetOrAdd(test, _ => new Sighting());

    public static void Clear() => All.Clear();
}

internal sealed class Sighting
{
    private readonly Lock _lock = new();
    private readonly List<(string Stream, string Item, long Offset)> _items = [];

    public int FailuresLeft { get; set; }

    public string? FailOn { get; set; }

    public int Activations { get; set; }

    public int Errors { get; set; }

    public (string Stream, string Item, long Offset)[] Items
    {
        get
        {
            lock (_lock) return [.. _items];
        }
    }

    public void Add(string stream, string item, long offset)
    {
        lock (_lock)
        {
            if (FailuresLeft > 0)
            {
                FailuresLeft--;
                throw new InvalidOperationException("The test wants this delivery to fail.");
            }

            if (item == FailOn) throw new InvalidOperationException("The test wants this item to fail.");
            _items.Add((stream, item, offset));
        }
    }
}

public interface IItemConsumer : IGrainWithStringKey
{
    Task Deactivate();
}

/// <summary>Gets single strings of the namespace "items"; the test's name is the part of the key before the first dot.</summary>
[ImplicitStreamSubscription("items")]
public sealed class ItemConsumer : Grain, IItemConsumer, IStreamSubscriptionObserver, IAsyncObserver<string>
{
    private Sighting Sighting => Sightings.Of(this.GetPrimaryKeyString().Split('.')[0]);

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<string>().ResumeAsync(this);

    public Task OnNextAsync(string item, StreamSequenceToken? token = null)
    {
        Sighting.Add(this.GetPrimaryKeyString(), item, token!.SequenceNumber);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Sighting.Errors++;
        return Task.CompletedTask;
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Sighting.Activations++;
        return base.OnActivateAsync(cancellationToken);
    }

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}

public interface IPartitionConsumer : IGrainWithStringKey
{
    Task Deactivate();

    Task Touch();
}

/// <summary>Gets whole batches of a partition and resumes where <see cref="PartitionResume"/> says.</summary>
[ImplicitStreamSubscription("events")]
public sealed class PartitionConsumer : Grain, IPartitionConsumer, IStreamSubscriptionObserver, IAsyncObserver<LogRecordBatch>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        handleFactory.Create<LogRecordBatch>().ResumeAsync(this, PartitionResume.Token(this.GetPrimaryKeyString()));

    public Task OnNextAsync(LogRecordBatch item, StreamSequenceToken? token = null)
    {
        PartitionResume.Seen(this.GetPrimaryKeyString(), item);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;
}

internal static class PartitionResume
{
    private static readonly ConcurrentDictionary<string, ConcurrentQueue<LogRecordBatch>> Batches = new();
    private static readonly ConcurrentDictionary<string, long> Tokens = new();

    public static void StartAfter(string partition, long offset) => Tokens[partition] = offset;

    public static void Clear()
    {
        Batches.Clear();
        Tokens.Clear();
    }

    public static StreamSequenceToken? Token(string partition) =>
        Tokens.TryGetValue(partition, out var offset) ? new EventSequenceTokenV2(offset) : null;

    public static void Seen(string partition, LogRecordBatch batch) => Batches.GetOrAdd(partition, _ => new()).Enqueue(batch);

    public static LogRecordBatch[] Of(string partition) => Batches.TryGetValue(partition, out var batches) ? [.. batches] : [];

    public static LogRecord[] Records(string partition) => [.. Of(partition).SelectMany(batch => batch.Records)];
}
