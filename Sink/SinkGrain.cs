using System.Globalization;
using Banking.Lake;
using Banking.Lake.Identity;
using Banking.Lake.Store;
using Banking.Sink.Partitions;
using Banking.Sink.Settings;
using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace Banking.Sink;

/// <summary>
/// Owns one partition of the lake; see <see cref="PartitionSink"/> for what it does. Two activations at once do no harm: the second to
/// commit a range of offsets finds the other's file and goes on after it.
/// </summary>
[ImplicitStreamSubscription(EventsStream.Namespace)]
internal sealed partial class SinkGrain(PartitionServices services, ILogger<SinkGrain> logger)
    : Grain, ISinkGrain, IStreamSubscriptionObserver, IAsyncObserver<LogRecordBatch>, IDisposable
{
    private static readonly TimeSpan TickEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan BankPause = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _deactivating = new();
    private PartitionSink? _sink;
    private LakeRefusalException? _refusal;
    private DateTimeOffset _refusedSince;
    private string? _failure;
    private Task _opening = Task.CompletedTask;

    private PartitionSink Sink => _sink ?? throw (Exception?)_refusal ?? new IOException(NotOpen);

    private string NotOpen => $"Partition {Partition} is not open in the lake yet{(_failure is null ? "." : ": " + _failure)}";

    private int Partition => int.Parse(this.GetPrimaryKeyString(), NumberStyles.None, CultureInfo.InvariantCulture);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Not awaited: while lake or log is unavailable, the grain stays active and reports it, instead of failing again on every call.
        _opening = OpenAsync(_deactivating.Token);

        // Keeps the grain alive: an idle grain may hold rows that are not due yet. Interleaves, as rows also become due while a batch waits
        // for room.
        var options = new GrainTimerCreationOptions(TickEvery, TickEvery) { Interleave = true, KeepAlive = true };
        this.RegisterGrainTimer(TickAsync, options);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _deactivating.CancelAsync();
        await _opening;
        if (_sink is null) return;
        using var limit = new CancellationTokenSource(services.Options.ShutdownTimeout, services.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
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
        await WaitUntilOpenAsync();
        if (_sink is null && _refusal is null) throw new IOException(NotOpen);

        // The token names the last record that is no longer wanted; before the first record it is -1.
        var token = new EventSequenceTokenV2((_sink?.NextOffset ?? 0) - 1);
        await handleFactory.Create<LogRecordBatch>().ResumeAsync(this, token);
    }

    public Task OnNextAsync(LogRecordBatch item, StreamSequenceToken? token = null) =>
        item.Partition == Partition
            ? Sink.TakeAsync(item, _deactivating.Token)
            : throw new InvalidOperationException(
                $"A batch of partition {item.Partition} was delivered to the sink of partition {Partition}.");

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamError(ex, Partition);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    public async Task Flush(long offset)
    {
        await WaitUntilOpenAsync();
        await Sink.FlushAsync(offset, _deactivating.Token);
    }

    public async Task<SinkStatus> GetStatus()
    {
        if (_failure is null && _refusal is null) await WaitUntilOpenAsync();
        if (_sink is not null) return _sink.Status;

        // What players do now could not be taken in: the log, or the lake, is not the one that it was.
        IReadOnlyList<SinkFinding> findings = _refusal is null
            ? []
            : [new SinkFinding($"lake/partition-{Partition}/refused", _refusal.Message, IsCritical: true, _refusedSince)];
        return new SinkStatus(Partition, 0, 0, 0, 0, 0, _refusal?.Message, _refusal is null ? NotOpen : null, findings);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_sink is not { } sink) return;
        await sink.TickAsync(cancellationToken);
        if (sink.Divergence is not { } divergence || _sink != sink) return;

        // What the sink holds came from a log that no longer exists. What the lake and the log have now decides whether another sink may go
        // on.
        (_sink, _refusal, _refusedSince) = (null, divergence, services.Time.GetUtcNow());
        sink.Dispose();
        _opening = OpenAsync(_deactivating.Token);
    }

    private async Task OpenAsync(CancellationToken cancellationToken)
    {
        var failures = new FailureSeries(services.Time);
        var refusals = 0;
        while (_sink is null && !cancellationToken.IsCancellationRequested)
        {
            try
            {
                _sink = await PartitionSink.OpenAsync(services, Partition, cancellationToken);
                (_refusal, _failure) = (null, null);
            }
            catch (LakeRefusalException e)
            {
                if (_refusal?.Message != e.Message) LogRefused(e, Partition);
                if (_refusal is null) _refusedSince = services.Time.GetUtcNow();
                _refusal = e;

                // The cause may be removed meanwhile: the right log is put back, or this one is repaired.
                await Task.WhenAny(Task.Delay(LakeSinkOptions.Retries.After(++refusals), services.Time, cancellationToken));
            }
            catch (BankUnknownException e)
            {
                // This is part of every start, and nothing to report.
                _failure = e.Message;
                await Task.WhenAny(Task.Delay(BankPause, services.Time, cancellationToken));
            }
            catch (Exception e)
            {
                if (cancellationToken.IsCancellationRequested) return;
                _failure = e.Message;
                if (failures.Add()) LogNotOpened(e is IOException or LogException ? null : e, Partition, failures.Count, e.Message);
                await Task.WhenAny(Task.Delay(LakeSinkOptions.Retries.After(failures.Count), services.Time, cancellationToken));
            }
        }

        if (failures.End() is > 0 and var count) LogOpenedAtLast(Partition, count);
    }

    // Opening takes a few calls to lake and log; callers wait instead of being told that it has only begun.
    private Task WaitUntilOpenAsync() =>
        _opening.IsCompleted ? Task.CompletedTask : Task.WhenAny(_opening, Task.Delay(OpenTimeout, services.Time, _deactivating.Token));

    private readonly ILogger _logger = logger;

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} is not written to the lake.")]
    private partial void LogRefused(Exception exception, int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} can't be opened in the lake; trying again (failures: "
        + "{Count}). {Reason}")]
    private partial void LogNotOpened(Exception? exception, int partition, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} is open in the lake after {Count} failures.")]
    private partial void LogOpenedAtLast(int partition, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Partition {Partition} was closed with {Rows} rows that are in no file yet; they are read again from the log.")]
    private partial void LogNotDrained(Exception exception, int partition, long rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stream of partition {Partition} reports an error; what it leaves out is read "
        + "from the log.")]
    private partial void LogStreamError(Exception exception, int partition);
}

/// <summary>The stream that the sink reads: its namespace, and one key per partition (the partition's number).</summary>
public static class EventsStream
{
    public const string Namespace = "events";
}
