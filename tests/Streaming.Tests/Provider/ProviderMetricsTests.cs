using Banking.Streaming.Hosting;
using Banking.Streaming.Log;
using Banking.Streaming.Provider;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Tests.Provider;

public sealed class ProviderMetricsTests : IDisposable
{
    private readonly MeterReadings _readings = new();

    public void Dispose() => _readings.Dispose();

    [Fact]
    public async Task InFlight_WhenAnAppendIsUnderWay_ThenItIsItsRecords()
    {
        var opened = new TaskCompletionSource();
        await using var services = Services(new MemoryLog { AppendsOpened = opened.Task });
        _readings.Listen();
        var adapter = await Factory(services).CreateAdapter(Cancellation);

        var append = adapter.QueueMessageBatchAsync(StreamId.Create("events", "0"), ["a", "b", "c"], null, null);

        Assert.Equal(3, _readings.Observe("banking.streaming.in_flight"));
        opened.SetResult();
        await append;
        Assert.Equal(0, _readings.Observe("banking.streaming.in_flight"));
    }

    [Fact]
    public async Task Shutdown_WhenTheReceiverHadAPartition_ThenItWasTakenAndReleasedOnce()
    {
        await using var services = Services(new MemoryLog());
        _readings.Listen();
        var factory = Factory(services);
        var queue = factory.GetStreamQueueMapper().GetAllQueues().Single();
        factory.GetQueueAdapterCache().CreateQueueCache(queue);
        var receiver = (await factory.CreateAdapter(Cancellation)).CreateReceiver(queue);

        await receiver.Initialize(TimeSpan.Zero, Cancellation);
        Assert.Equal((1, 0), (_readings.Sum("banking.streaming.partitions_taken"), _readings.Sum("banking.streaming.partitions_released")));
        await receiver.Shutdown(TimeSpan.Zero, Cancellation);

        Assert.Equal((1, 1), (_readings.Sum("banking.streaming.partitions_taken"), _readings.Sum("banking.streaming.partitions_released")));
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
}
