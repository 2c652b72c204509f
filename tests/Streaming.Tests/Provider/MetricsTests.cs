using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

public sealed class MetricsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, long> _sums = new();
    private readonly MeterListener _listener = new();

    public void Dispose()
    {
        _listener.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task OnNext_WhenADeliveryFails_ThenTheMetricsShowWhatHappened()
    {
        Listen();
        await using var cluster = await StreamCluster.Start(_folder.File());
        var sighting = Sightings.Of("measured");
        sighting.FailuresLeft = 2;

        await cluster.Stream<string>("items", "measured.a").OnNextBatchAsync(ImplicitSubscriptionTests.Items(0, 10));

        await Condition.Until(() => sighting.Items.Length >= 10, "10 items");
        Assert.Equal(10, Sum("banking.streaming.appended"));
        Assert.Equal(10, Sum("banking.streaming.consumed"));
        Assert.Equal(10, Sum("banking.streaming.delivered"));
        Assert.True(Sum("banking.streaming.retries") >= 2);
    }

    [Fact]
    public async Task Lag_WhenTheConsumerIsStuck_ThenItIsWhatWaits()
    {
        await using var cluster = await StreamCluster.Start(_folder.File(), 1, options => options.CommitInterval = TimeSpan.FromMilliseconds(10));
        Sightings.Of("lagging").FailOn = "item 0";
        Listen();

        await cluster.Stream<string>("items", "lagging.a").OnNextBatchAsync(ImplicitSubscriptionTests.Items(0, 7));

        await Condition.Until(
            () => Observe("banking.streaming.lag") == 7,
            "a lag of 7");
    }

    [Fact]
    public async Task InFlight_WhenAnAppendIsUnderWay_ThenItIsItsRecords()
    {
        var opened = new TaskCompletionSource();
        await using var services = Services(new MemoryLog { AppendsOpened = opened.Task });
        Listen();
        var adapter = await Factory(services).CreateAdapter(Cancellation);

        var append = adapter.QueueMessageBatchAsync(StreamId.Create("events", "0"), ["a", "b", "c"], null, null);

        Assert.Equal(3, Observe("banking.streaming.in_flight"));
        opened.SetResult();
        await append;
        Assert.Equal(0, Observe("banking.streaming.in_flight"));
    }

    [Fact]
    public async Task Shutdown_WhenTheReceiverHadAPartition_ThenItWasTakenAndReleasedOnce()
    {
        await using var services = Services(new MemoryLog());
        Listen();
        var factory = Factory(services);
        var queue = factory.GetStreamQueueMapper().GetAllQueues().Single();
        factory.GetQueueAdapterCache().CreateQueueCache(queue);
        var receiver = (await factory.CreateAdapter(Cancellation)).CreateReceiver(queue);

        await receiver.Initialize(TimeSpan.Zero, Cancellation);
        Assert.Equal((1, 0), (Sum("banking.streaming.partitions_taken"), Sum("banking.streaming.partitions_released")));
        await receiver.Shutdown(TimeSpan.Zero, Cancellation);

        Assert.Equal((1, 1), (Sum("banking.streaming.partitions_taken"), Sum("banking.streaming.partitions_released")));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A provider in a container like a silo's.</summary>
    private static ServiceProvider Services(MemoryLog log)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSerializer();
        services.AddKeyedSingleton<IPartitionedLog>("log", log);
        services.AddLogStreams("log", _ => { });
        services.AddKeyedSingleton("log", (provider, _) => LogAdapterFactory.Create(provider, "log"));
        return services.BuildServiceProvider();
    }

    private static IQueueAdapterFactory Factory(ServiceProvider services) => services.GetRequiredKeyedService<IQueueAdapterFactory>("log");

    /// <summary>A gauge's value over all partitions, now.</summary>
    private long Observe(string instrument)
    {
        _sums[instrument] = 0;
        _listener.RecordObservableInstruments();
        return Sum(instrument);
    }

    private long Sum(string instrument) => _sums.GetValueOrDefault(instrument);

    private void Listen()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "Banking.Streaming") listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => _sums.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value));
        _listener.Start();
    }
}
