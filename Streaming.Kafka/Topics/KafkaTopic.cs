using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Log;
using Banking.Waiting;
using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Kafka.Topics;

/// <summary>
/// The topic of a log: it is found or created as soon as a broker answers, and then watched. Growth is reported. A topic that was recreated
/// under its name is another log, and this one ends. The settings are checked: a topic that would lose records is not opened, or accepts no
/// more appends. Thread-safe.
/// </summary>
internal sealed partial class KafkaTopic : IAsyncDisposable
{
    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));
    private static readonly TimeSpan SayAgainAfter = TimeSpan.FromSeconds(30);

    private readonly TopicAdmin _admin;
    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Action<TopicSettings> _examined;
    private readonly CancellationTokenSource _closed = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private Topology? _topology;
    private int _latestPartitionCount;
    private volatile string? _replaced;
    private volatile string? _refusal;
    private volatile IReadOnlyList<string> _warnings = [];
    private volatile string _whyNot = "it did not answer yet";

    /// <param name="examined">Called with the topic's settings before it is open, and whenever they have been checked again.</param>
    public KafkaTopic(TopicAdmin admin, KafkaLogOptions options, TimeProvider time, ILogger logger, Action<TopicSettings> examined)
    {
        _examined = examined;
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

    /// <summary>The partition count as last seen.</summary>
    public int LatestPartitionCount => Math.Max(Topology.PartitionCount, Volatile.Read(ref _latestPartitionCount));

    /// <summary>Sentences about settings that put acknowledged records at risk.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// Throws if the settings have been changed for the worse since the topic was opened: reading then goes on, but appending does not.
    /// </summary>
    /// <exception cref="LogException">The topic accepts no appends.</exception>
    public void RequireAppendable()
    {
        if (_refusal is { } refusal) throw new LogException($"Nothing is appended: {refusal}.");
    }

    /// <summary>Checks the settings at once.</summary>
    /// <exception cref="Confluent.Kafka.KafkaException">The brokers did not answer.</exception>
    public Task ExamineAsync(CancellationToken cancellationToken) => ExamineAsync(Topology, cancellationToken);

    /// <exception cref="LogException">The topic is not open within the time of a request.</exception>
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

    /// <summary>Makes sure that the topic is still the one that was opened, and has the partition.</summary>
    public async ValueTask VerifyAsync(int partition, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var seen = await _admin.DescribeAsync(_options.Topic, cancellationToken) ?? throw new LogException(
            $"The topic '{_options.Topic}' is gone.");
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
        for (var failures = 1; ; failures++)
        {
            try
            {
                if (await _admin.DescribeAsync(_options.Topic, _closed.Token) is not { } topology)
                {
                    _whyNot = $"there is no topic '{_options.Topic}'";
                    if (_options.CreateTopics) await MakeAsync();
                }
                else if (await ExamineAsync(topology, _closed.Token) is { } refusal)
                {
                    _whyNot = refusal;
                }
                else
                {
                    Volatile.Write(ref _latestPartitionCount, topology.PartitionCount);
                    Volatile.Write(ref _topology, topology);
                    LogOpened(_options.Topic, _options.BootstrapServers, topology.LogId, topology.PartitionCount);
                    _opened.TrySetResult();
                    return;
                }
            }
            catch (Exception e) when (!_closed.IsCancellationRequested)
            {
                _whyNot = e.Message;
            }

            if (failures > 1 && (saidAt is null || _time.GetElapsedTime(saidAt.Value) > SayAgainAfter))
            {
                LogNotOpen(_options.Topic, _options.BootstrapServers, _whyNot);
                saidAt = _time.GetTimestamp();
            }

            await Task.Delay(Pauses.After(failures), _time, _closed.Token);
        }
    }

    private async Task LookAsync()
    {
        try
        {
            if (await _admin.DescribeAsync(_options.Topic, _closed.Token) is not { } seen) return;
            Take(seen);
            await ExamineAsync(seen, _closed.Token);
        }
        catch (Exception e) when (!_closed.IsCancellationRequested)
        {
            // Readers and appends get the same error, and report it.
            LogNotSeen(_options.Topic, e);
        }
    }

    private async Task MakeAsync()
    {
        var made = await _admin.CreateAsync(_admin.EventTopic(), _closed.Token);
        LogCreated(_options.Topic, _options.Partitions);

        // Only the brokers know how many replicas they gave it.
        if (_options.ReplicationFactor is null && made is not null)
            await _admin.SetMinInSyncReplicasAsync(_options.Topic, made.Replicas, _closed.Token);
    }

    private async Task<string?> ExamineAsync(Topology topology, CancellationToken cancellationToken)
    {
        var settings = await _admin.SettingsAsync(_options.Topic, cancellationToken);
        _examined(settings);
        var warnings = TopicCheck.Warnings(_options.Topic, settings, topology.Replicas);
        foreach (var warning in warnings.Except(Interlocked.Exchange(ref _warnings, warnings))) LogAtRisk(warning);
        var refusal = TopicCheck.Refusal(_options.Topic, settings, _options.AllowCompaction);
        var before = Interlocked.Exchange(ref _refusal, refusal);
        if (_opened.Task.IsCompleted && before is null && refusal is not null) LogRefused(refusal);
        if (before is not null && refusal is null) LogTaken(_options.Topic);
        return refusal;
    }

    private void Take(Topology seen)
    {
        var opened = _topology!;
        if (seen.LogId != opened.LogId)
        {
            if (_replaced is null) LogReplaced(_options.Topic, opened.LogId, seen.LogId);
            _replaced =
                $"The topic '{_options.Topic}' was deleted and made again: it is another log now. Restart this process to go on with the "
                    + "new one.";
            return;
        }

        if (
            Interlocked.Exchange(ref _latestPartitionCount, seen.PartitionCount) < seen.PartitionCount
                && seen.PartitionCount > opened.PartitionCount)
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

    [LoggerMessage(LogLevel.Warning, "{Sentence}")]
    private partial void LogAtRisk(string sentence);

    [LoggerMessage(LogLevel.Error, "Nothing more is appended: {Sentence}. What is there is read all the same.")]
    private partial void LogRefused(string sentence);

    [LoggerMessage(LogLevel.Information, "The settings of the topic '{Topic}' suit a log again.")]
    private partial void LogTaken(string topic);

    [LoggerMessage(LogLevel.Debug, "Could not look at the topic '{Topic}'.")]
    private partial void LogNotSeen(string topic, Exception exception);

    [LoggerMessage(LogLevel.Error, "The topic '{Topic}' was deleted and made again: it was log {Old} and is {New} now. Nothing goes on "
        + "until this process is restarted.")]
    private partial void LogReplaced(string topic, string old, string @new);

    [LoggerMessage(
        LogLevel.Warning,
        "The topic '{Topic}' has grown from {Old} to {New} partitions. Nothing is read from the new ones until the silos are restarted, "
            + "one after another.")]
    private partial void LogGrown(string topic, int old, int @new);
}
