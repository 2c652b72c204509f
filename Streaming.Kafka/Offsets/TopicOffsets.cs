using System.Collections.Concurrent;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Offsets;

/// <summary>Asks the brokers for the bounds of partitions and the offsets of groups, many at a time. Thread-safe.</summary>
internal sealed class TopicOffsets : IDisposable
{
    private readonly KafkaLogOptions _options;
    private readonly TimeProvider _time;
    private readonly ClientLog _clientLog;
    private readonly ConcurrentDictionary<string, Lazy<GroupClient>> _clients = new(StringComparer.Ordinal);
    private readonly Gathering<int, bool, LogBounds> _bounds;
    private readonly Gathering<(string Group, int Partition), bool, long?> _committed;
    private readonly Gathering<(string Group, int Partition), long, bool> _commits;

    public TopicOffsets(KafkaLogOptions options, TimeProvider time, ClientLog clientLog)
    {
        _options = options;
        _time = time;
        _clientLog = clientLog;
        _bounds = new(asks => Client(options.Group).Bounds(asks.Keys));
        _committed = new(Committed);
        _commits = new(Commit);
    }

    /// <summary>The connection that all requests share; an administrator may use it too.</summary>
    public Handle Handle => Client(_options.Group).Handle;

    public Task<LogBounds> GetBoundsAsync(int partition, CancellationToken cancellationToken) =>
        BoundAsync(_bounds.AskAsync(partition, true), cancellationToken);

    public Task<long?> GetCommittedAsync(string group, int partition, CancellationToken cancellationToken) =>
        BoundAsync(_committed.AskAsync((group, partition), true), cancellationToken);

    public Task CommitAsync(string group, int partition, long offset, CancellationToken cancellationToken) =>
        BoundAsync(_commits.AskAsync((group, partition), offset), cancellationToken);

    public void Dispose()
    {
        foreach (var client in _clients.Values) client.Value.Dispose();
    }

    private GroupClient Client(string group) =>
        _clients.GetOrAdd(
            group, static (name, own) => new Lazy<GroupClient>(() => new GroupClient(own._options, name, own._clientLog)), this).Value;

    private Dictionary<(string Group, int Partition), long?> Committed(Dictionary<(string Group, int Partition), bool> asks) => asks.Keys
        .GroupBy(ask => ask.Group, ask => ask.Partition)
        .SelectMany(group => Client(group.Key).Committed(group), (group, answer) => ((group.Key, answer.Key), answer.Value))
        .ToDictionary(answer => answer.Item1, answer => answer.Value);

    private Dictionary<(string Group, int Partition), bool> Commit(Dictionary<(string Group, int Partition), long> asks)
    {
        foreach (var group in asks.GroupBy(ask => ask.Key.Group))
            Client(group.Key).Commit(group.ToDictionary(ask => ask.Key.Partition, ask => ask.Value));
        return asks.Keys.ToDictionary(ask => ask, _ => true);
    }

    /// <summary>Bounds the wait, as a call of librdkafka may take longer than the time it was given.</summary>
    private async Task<T> BoundAsync<T>(Task<T> question, CancellationToken cancellationToken)
    {
        try
        {
            return await question.WaitAsync(_options.RequestTimeout, _time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new LogException(
                $"The brokers at {_options.BootstrapServers} did not answer within {_options.RequestTimeout.TotalSeconds} s.", e);
        }
    }
}
