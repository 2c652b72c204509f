using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

public interface IItemProducer : IGrainWithStringKey
{
    /// <summary>Publishes "item from" and those that follow, one by one, to a stream.</summary>
    Task Produce(string streamNamespace, string key, int from, int count);
}

public sealed class ItemProducer : Grain, IItemProducer
{
    public async Task Produce(string streamNamespace, string key, int from, int count)
    {
        var stream = this.GetStreamProvider(StreamCluster.Provider).GetStream<string>(StreamId.Create(streamNamespace, key));
        for (var i = from; i < from + count; i++) await stream.OnNextAsync($"item {i}");
    }
}

public interface IRoomMember : IGrainWithStringKey
{
    /// <summary>Subscribes for the stream with the grain's key of the namespace "rooms".</summary>
    /// <param name="from">The first offset; null: what comes from now on.</param>
    Task Join(long? from);

    Task Leave();

    Task Deactivate();
}

/// <summary>
/// Subscribes when it is told to, and resumes what it has subscribed for when it is activated. The test's name is the part of the key
/// before the first dot.
/// </summary>
public sealed class RoomMember : Grain, IRoomMember, IAsyncObserver<string>
{
    private Sighting Sighting => Sightings.Of(this.GetPrimaryKeyString().Split('.')[0]);

    private IAsyncStream<string> Room => this.GetStreamProvider(StreamCluster.Provider).GetStream<string>(
        StreamId.Create("rooms", this.GetPrimaryKeyString()));

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        Sighting.Activations++;
        foreach (var handle in await Room.GetAllSubscriptionHandles()) await handle.ResumeAsync(this);
    }

    public Task Join(long? from) => Room.SubscribeAsync(this, from is { } offset ? new EventSequenceTokenV2(offset) : null);

    public async Task Leave()
    {
        foreach (var handle in await Room.GetAllSubscriptionHandles()) await handle.UnsubscribeAsync();
    }

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

    public Task Deactivate()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }
}
