using Banking.Streaming.Log;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Topics;

/// <summary>
/// The topic of a log: finds or makes it, as soon as a broker answers, and then keeps an eye on it. Growth is said; a topic that was made anew
/// under its name is another log, and this one ends. Thread-safe.
/// </summary>
internal sealed partial class KafkaTopic : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(30);

    private readonly TopicAdmin _admin;
    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private Topology? _topology;
    private int _latestPartitionCount;
    private volatile string? _replaced;
    private volatile string _whyNot = "it did not answer yet";

    public KafkaTopic(TopicAdmin admin, KafkaLogOptions options, TimeProvider time, ILogger logger)
    {
        _admin = admin;
        _options = options;
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public Topology Topology
    {
        get
        {
            ThrowIfReplaced();
            return Volatile.Read(ref _topology) ?? throw NotOpen();
        }
    }

    /// <summary>As last seen.</summary>
    public int LatestPartitionCount => Math.Max(Topology.PartitionCount, Volatile.Read(ref _latestPartitionCount));

    /// <exception cref="LogException">It is not open within the time of a request.</exception>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (!_opened.Task.IsCompletedSuccessfully)
        {
            try
            {
                await _opened.Task.WaitAsync(_options.RequestTimeout, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                throw NotOpen();
            }
        }

        ThrowIfReplaced();
    }

    /// <summary>Makes sure that the topic is still the one that was opened, and has a partition.</summary>
    public async ValueTask VerifyAsync(int partition, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var seen = await _admin.DescribeAsync(_options.Topic, cancellationToken) ?? throw new LogException($"The topic '{_options.Topic}' is gone.");
        Take(seen);
        ThrowIfReplaced();
        if (partition >= seen.PartitionCount)
            throw new LogException($"The topic '{_options.Topic}' has no partition {partition}: it has {seen.PartitionCount}.");
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await _running;
        _opened.TrySetException(new ObjectDisposedException(nameof(KafkaLog)));
        _ = _opened.Task.Exception;
        _closed.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await FindAsync();
            using var timer = new PeriodicTimer(_options.WatchInterval, _time);
            while (await timer.WaitForNextTickAsync(_closed.Token)) await LookAsync();
        }
        catch (OperationCanceledException) when (_closed.IsCancellationRequested)
        {
            // The log is closed.
        }
    }

    private async Task FindAsync()
    {
        long? saidAt = null;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                if (await _admin.DescribeAsync(_options.Topic, _closed.Token) is { } topology)
                {
                    Volatile.Write(ref _latestPartitionCount, topology.PartitionCount);
                    Volatile.Write(ref _topology, topology);
                    LogOpened(_options.Topic, _options.BootstrapServers, topology.LogId, topology.PartitionCount);
                    _opened.TrySetResult();
                    return;
                }

                _whyNot = $"there is no topic '{_options.Topic}'";
                if (_options.CreateTopics)
                {
                    await _admin.CreateAsync(_admin.EventTopic(), _closed.Token);
                    LogCreated(_options.Topic, _options.Partitions);
                }
            }
            catch (Exception e) when (!_closed.IsCancellationRequested)
            {
                _whyNot = e.Message;
            }

            if (pause > FirstPause && (saidAt is null || _time.GetElapsedTime(saidAt.Value) > SayAgainAfter))
            {
                LogNotOpen(_options.Topic, _options.BootstrapServers, _whyNot);
                saidAt = _time.GetTimestamp();
            }

            await Task.Delay(pause, _time, _closed.Token);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (await _admin.DescribeAsync(_options.Topic, _closed.Token) is { } seen) Take(seen);
        }
        catch (Exception e) when (!_closed.IsCancellationRequested)
        {
            // Whoever reads or appends meets the same, and says so.
            LogNotSeen(_options.Topic, e);
        }
    }

    private void Take(Topology seen)
    {
        var opened = _topology!;
        if (seen.LogId != opened.LogId)
        {
            if (_replaced is null) LogReplaced(_options.Topic, opened.LogId, seen.LogId);
            _replaced = $"The topic '{_options.Topic}' was deleted and made again: it is another log now. Restart this process to go on with the new one.";
            return;
        }

        if (Interlocked.Exchange(ref _latestPartitionCount, seen.PartitionCount) < seen.PartitionCount && seen.PartitionCount > opened.PartitionCount)
            LogGrown(_options.Topic, opened.PartitionCount, seen.PartitionCount);
    }

    private void ThrowIfReplaced()
    {
        if (_replaced is { } sentence) throw new LogException(sentence);
    }

    private LogException NotOpen() => new($"The topic '{_options.Topic}' at {_options.BootstrapServers} is not open: {_whyNot}.");

    [LoggerMessage(LogLevel.Information, "The topic '{Topic}' at {Servers} is log {LogId} with {Partitions} partitions.")]
    private partial void LogOpened(string topic, string servers, string logId, int partitions);

    [LoggerMessage(LogLevel.Information, "Made the topic '{Topic}' with {Partitions} partitions.")]
    private partial void LogCreated(string topic, int partitions);

    [LoggerMessage(LogLevel.Warning, "The topic '{Topic}' at {Servers} is not open yet, trying again: {Reason}")]
    private partial void LogNotOpen(string topic, string servers, string reason);

    [LoggerMessage(LogLevel.Debug, "Could not look at the topic '{Topic}'.")]
    private partial void LogNotSeen(string topic, Exception exception);

    [LoggerMessage(LogLevel.Error, "The topic '{Topic}' was deleted and made again: it was log {Old} and is {New} now. Nothing goes on until this process is restarted.")]
    private partial void LogReplaced(string topic, string old, string @new);

    [LoggerMessage(
        LogLevel.Warning,
        "The topic '{Topic}' has grown from {Old} to {New} partitions. Nothing is read from the new ones until the silos are restarted, one after another.")]
    private partial void LogGrown(string topic, int old, int @new);
}
