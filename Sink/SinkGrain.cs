using System.Globalization;
using Banking.Lake;
using Banking.Sink.Partitions;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Banking.Sink;

/// <summary>
/// Owns one partition of the lake; see <see cref="PartitionSink"/> for what it does. Two activations at once do no harm: whoever commits a range of
/// offsets second finds the other's file and goes on behind it.
/// </summary>
[ImplicitStreamSubscription(EventsStream.Namespace)]
internal sealed partial class SinkGrain(PartitionServices services, ILogger<SinkGrain> logger)
    : Grain, ISinkGrain, IStreamSubscriptionObserver, IAsyncObserver<LogRecordBatch>, IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _deactivating = new();
    private PartitionSink? _sink;
    private SinkRefusalException? _refusal;

    private PartitionSink Sink => _sink ?? throw (Exception?)_refusal ?? new InvalidOperationException("The sink is not open.");

    private int Partition => int.Parse(this.GetPrimaryKeyString(), NumberStyles.None, CultureInfo.InvariantCulture);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        try
        {
            _sink = await PartitionSink.OpenAsync(services, Partition, cancellationToken);
        }
        catch (SinkRefusalException e)
        {
            // Stays active, to say why it takes nothing, rather than failing anew with every batch.
            _refusal = e;
            LogRefused(e, Partition);
            return;
        }

        // Keeps the grain alive: an idle one may hold rows that are not due yet. Interleaves: rows are due also while a batch waits for room.
        var options = new GrainTimerCreationOptions(TickEvery, TickEvery) { Interleave = true, KeepAlive = true };
        this.RegisterGrainTimer(token => Sink.TickAsync(token), options);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_sink is null) return;
        using var limit = new CancellationTokenSource(services.Options.ShutdownTimeout, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _deactivating.CancelAsync();
            await _sink.CloseAsync(both.Token);
        }
        catch (OperationCanceledException e)
        {
            LogNotDrained(e, Partition, _sink.Status.BufferedRows);
        }
    }

    public void Dispose()
    {
        _sink?.Dispose();
        _deactivating.Dispose();
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        // The token names the last record that is not wanted any more; before the first one that is -1.
        var token = new EventSequenceTokenV2((_sink?.NextOffset ?? 0) - 1);
        await handleFactory.Create<LogRecordBatch>().ResumeAsync(this, token);
    }

    public Task OnNextAsync(LogRecordBatch item, StreamSequenceToken? token = null) =>
        item.Partition == Partition
            ? Sink.TakeAsync(item, _deactivating.Token)
            : throw new InvalidOperationException($"A batch of partition {item.Partition} was delivered to the sink of partition {Partition}.");

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamError(ex, Partition);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public Task Flush(long offset) => Sink.FlushAsync(offset, _deactivating.Token);

    public Task<SinkStatus> GetStatus() => Task.FromResult(
        _refusal is null ? Sink.Status : new SinkStatus(Partition, 0, 0, 0, 0, 0, _refusal.Message));
}
