using System.Diagnostics.Metrics;
using Banking.Events;
using Banking.Grains.Tests.Cluster;
using Banking.Inquiries;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Streams;

namespace Banking.Grains.Tests.Inquiries;

public sealed class InquiryLogTests : IAsyncDisposable
{
    private const int Capacity = InquiryLog.Capacity;
    private readonly EventLog _log = new();
    private readonly ServiceProvider _services;
    private readonly InquiryLog _inquiries;

    public InquiryLogTests()
    {
        _services = new ServiceCollection().AddMetrics().AddKeyedSingleton<IStreamProvider>(GameNames.Streams, _log).BuildServiceProvider();
        var meters = _services.GetRequiredService<IMeterFactory>();
        var streams = new EventStreams(_services, _log, TimeProvider.System, meters, NullLogger<EventStreams>.Instance);
        _inquiries = new InquiryLog(streams, TimeProvider.System, NullLogger<InquiryLog>.Instance, meters);
    }

    [Fact]
    public async Task Record_WhenTheQueueIsFull_ThenTheRestIsDroppedAndCounted()
    {
        var dropped = 0L;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Name == "banking.inquiries.dropped" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref dropped, count));
        listener.Start();

        for (var i = 0; i < Capacity + 10; i++) _inquiries.Record(Inquiry.OfPrice("stock_a", null));
        await _inquiries.StartAsync(TestContext.Current.CancellationToken);
        await _inquiries.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(10, dropped);
        Assert.Equal(Capacity, _log.Of(_ => true).Count);
    }

    [Fact]
    public async Task Record_WhenTheLogIsAwayForAWhile_ThenNothingIsLostAndAccountsStayInOrder()
    {
        _log.AllAway = true;
        await _inquiries.StartAsync(TestContext.Current.CancellationToken);
        for (var i = 0; i < 20; i++) _inquiries.Record(Inquiry.OfAccount("alice", new RequestOrigin { Host = $"{i}" }));
        _log.AllAway = false;

        await _inquiries.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), _log.Of(_ => true).Select(e => e.Origin!.Host));
    }

    // A time-out in the log's client is an OperationCanceledException too: it must not end the service, and the silo with it.
    [Fact]
    public async Task Record_WhenTheLogTimesOut_ThenItIsSentAgain()
    {
        var refused = 0;
        _log.Refusal = () =>
        {
            Interlocked.Increment(ref refused);
            return new TaskCanceledException();
        };
        _log.AllAway = true;
        await _inquiries.StartAsync(TestContext.Current.CancellationToken);
        _inquiries.Record(Inquiry.OfFrontPage(null));
        await Eventually.True(() => Volatile.Read(ref refused) > 0);
        _log.AllAway = false;

        await _inquiries.DrainAsync(TestContext.Current.CancellationToken);

        Assert.Equal(EventTypes.Default, Assert.Single(_log.Of(_ => true)).EventType);
    }

    [Fact]
    public async Task Record_WhenTheLogIsNotOpenYet_ThenTheyWaitAndFollowWhenItOpens()
    {
        _log.IsOpen = false;
        await _inquiries.StartAsync(TestContext.Current.CancellationToken);
        await _inquiries.DrainAsync(TestContext.Current.CancellationToken);
        _inquiries.Record(Inquiry.OfFrontPage(null));
        _inquiries.Record(Inquiry.OfAccount("alice", null));
        var drained = _inquiries.DrainAsync(TestContext.Current.CancellationToken);
        await Eventually.True(() => _log.CountAsked > 2);
        Assert.False(drained.IsCompleted || _inquiries.ExecuteTask!.IsCompleted);

        _log.IsOpen = true;
        await drained;

        Assert.Equal([EventTypes.Default, EventTypes.ReturnAccountInformation], _log.Of(_ => true).Select(e => e.EventType).Order());
    }

    [Fact]
    public async Task StopAsync_WhenTheLogIsAwayTooLong_ThenStopsAllTheSame()
    {
        _log.AllAway = true;
        await _inquiries.StartAsync(TestContext.Current.CancellationToken);
        _inquiries.Record(Inquiry.OfFrontPage(null));
        using var noTime = new CancellationTokenSource();
        await noTime.CancelAsync();

        await _inquiries.StopAsync(noTime.Token);

        Assert.Empty(_log.Of(_ => true));
    }

    public async ValueTask DisposeAsync()
    {
        await _inquiries.StopAsync(new CancellationToken(true));
        _inquiries.Dispose();
        await _services.DisposeAsync();
    }
}
