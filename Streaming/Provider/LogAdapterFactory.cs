using System.Collections.Concurrent;
using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Serialization;
using Orleans.Streams;

namespace Banking.Streaming.Provider;

/// <summary>Puts a provider together: mapper, adapter, and a cache and a receiver for each partition that this silo pulls.</summary>
/// <remarks>
/// It uses the log, so the container disposes it before the log. Agents may still be running then, if a start failed late: any errors they
/// get from then on mean the end, not a failure.
/// </remarks>
internal sealed partial class LogAdapterFactory : IQueueAdapterFactory, IQueueAdapterCache, IDisposable
{
    private readonly string _name;
    private readonly IPartitionedLog _log;
    private readonly LogStreamOptions _options;
    private readonly LogStreamMetrics _metrics;
    private readonly StreamDecoding _decoding;
    private readonly StreamRouting _routing;
    private readonly LogQueueMapper _mapper;
    private readonly LogAdapter _adapter;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentDictionary<QueueId, PartitionCache> _caches = new();

    public LogAdapterFactory(string name, IServiceProvider services)
    {
        _name = name;
        _log = services.GetRequiredKeyedService<IPartitionedLog>(name);
        _options = services.GetRequiredService<IOptionsMonitor<LogStreamOptions>>().Get(name);
        _metrics = services.GetRequiredKeyedService<LogStreamMetrics>(name);
        _decoding = services.GetRequiredKeyedService<StreamDecoding>(name);
        _time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        _loggers = services.GetRequiredService<ILoggerFactory>();
        _routing = new StreamRouting(_options.PartitionNamespace, _log);
        _mapper = new LogQueueMapper(name, _routing, _log);
        var serializer = services.GetRequiredService<Serializer>();
        _adapter = new LogAdapter(name, _log, _routing, _options, _decoding, serializer, _metrics, CreateReceiver);
    }

    public static IQueueAdapterFactory Create(IServiceProvider services, string name) => new LogAdapterFactory(name, services);

    [Obsolete("The provider uses the overload with a CancellationToken.")]
    public Task<IQueueAdapter> CreateAdapter() => CreateAdapter(CancellationToken.None);

    /// <summary>
    /// Code that has the adapter may ask the mapper for the queues, so this waits until the log is open. It waits no longer than the
    /// settings say, as a process has to start without its log too.
    /// </summary>
    public async Task<IQueueAdapter> CreateAdapter(CancellationToken cancellationToken)
    {
        if (_options.OpenTimeout == TimeSpan.Zero) return _adapter;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        try
        {
            await _log.OpenAsync(either.Token).AsTask().WaitAsync(_options.OpenTimeout, _time, either.Token);
        }
        catch (Exception exception) when (exception is TimeoutException or LogException)
        {
            // The log keeps trying, and reports itself why it is not open.
            LogNotOpen(_loggers.CreateLogger<LogAdapterFactory>(), _name, _options.OpenTimeout);
        }

        return _adapter;
    }

    public IQueueAdapterCache GetQueueAdapterCache() => this;

    public IStreamQueueMapper GetStreamQueueMapper() => _mapper;

    public Task<IStreamFailureHandler> GetDeliveryFailureHandler(QueueId queueId) =>
        Task.FromResult<IStreamFailureHandler>(
            new DeliveryFailureHandler(LogQueueMapper.Partition(queueId), _metrics, _loggers.CreateLogger<DeliveryFailureHandler>()));

    public IQueueCache CreateQueueCache(QueueId queueId)
    {
        var partition = LogQueueMapper.Partition(queueId);
        var history = new LogHistory(
            _log, partition, _routing, _options, _metrics, _time, _loggers.CreateLogger<LogHistory>(), _closed.Token);
        return _caches[queueId] = new PartitionCache(partition, _options, history, _decoding, _metrics, new AgentTurns());
    }

    public void Dispose()
    {
        _closed.Cancel();
        _closed.Dispose();
    }

    private LogReceiver CreateReceiver(QueueId queueId) =>
        _caches.TryRemove(queueId, out var cache)
            ? new LogReceiver(_log, cache, _routing, _time, _loggers.CreateLogger<LogReceiver>(), _closed.Token)
            : throw new InvalidOperationException($"The provider '{_name}' makes a queue's cache before its receiver.");

    [LoggerMessage(LogLevel.Warning, "The log of the streams '{Provider}' is not open after {Timeout}: the start goes on without it, "
        + "streams begin once it is.")]
    private static partial void LogNotOpen(ILogger logger, string provider, TimeSpan timeout);
}
