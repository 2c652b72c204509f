using System.Globalization;
using Banking.Events;
using Orleans.Streams;

namespace Banking.Grains.Tests.Cluster;

/// <summary>
/// The log of a cluster, which outlives its silos: keeps what is published, and can be not open yet, or away for everybody or for one
/// account.
/// </summary>
internal sealed class EventLog : IStreamProvider, IEventPartitions, ILakeProgress
{
    private readonly Lock _lock = new();
    private readonly List<(int Partition, GameEvent Event)> _events = [];
    private readonly HashSet<string> _away = [];
    private readonly HashSet<string> _lostReplies = [];
    private volatile bool _allAway;
    private volatile bool _isOpen = true;
    private int _countAsked;

    public string Name => GameNames.Streams;

    public bool IsRewindable => true;

    public int? Count
    {
        get
        {
            Interlocked.Increment(ref _countAsked);
            return IsOpen ? Partitions : null;
        }
    }

    /// <summary>How often somebody wanted to know the number of partitions.</summary>
    public int CountAsked => Volatile.Read(ref _countAsked);

    public int Partitions { get; set; } = 4;

    /// <summary>While false nobody knows how many partitions there are, and nothing is taken.</summary>
    public bool IsOpen { get => _isOpen; set => _isOpen = value; }

    /// <summary>What a publisher gets while the log is away.</summary>
    public Func<Exception> Refusal { get; set; } = () => new IOException("The log is away.");

    /// <summary>While true no event of anybody is taken.</summary>
    public bool AllAway { get => _allAway; set => _allAway = value; }

    public bool HasGrown => false;

    public EventPartition? Of(string accountId) => Count is { } count ? new EventPartition("log", accountId.Length % count) : null;

    public ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken) => ValueTask.FromResult(1L);

    public ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken) => ValueTask.FromResult(0L);

    public void SetAway(string accountId, bool away)
    {
        lock (_lock) _ = away ? _away.Add(accountId) : _away.Remove(accountId);
    }

    /// <summary>The account's next batch gets into the log, but its publisher hears that it failed.</summary>
    public void LoseNextReply(string accountId)
    {
        lock (_lock) _lostReplies.Add(accountId);
    }

    public IReadOnlyList<GameEvent> Of(Func<GameEvent, bool> filter)
    {
        lock (_lock) return [.. _events.Where(e => filter(e.Event)).Select(e => e.Event)];
    }

    public IReadOnlyList<long> SequencesOf(string accountId) =>
        [.. Of(e => e.AccountId == accountId && e.SequenceNumber is not null).Select(e => e.SequenceNumber!.Value)];

    /// <summary>A partition's events in the order of their offsets.</summary>
    public IReadOnlyList<GameEvent> InPartition(int partition)
    {
        lock (_lock) return [.. _events.Where(e => e.Partition == partition).Select(e => e.Event)];
    }

    /// <summary>A record that a producer had sent before arrives once more.</summary>
    public void ArriveLate(int partition, GameEvent happened)
    {
        lock (_lock) _events.Add((partition, happened));
    }

    public IAsyncStream<T> GetStream<T>(StreamId streamId) => (IAsyncStream<T>)(object)new RecordingStream(this, streamId);

    private async Task Append(int partition, IReadOnlyList<GameEvent> events)
    {
        await Task.Yield();
        lock (_lock)
        {
            if (_allAway || !_isOpen || events.Any(e => e.AccountId is { } id && _away.Contains(id))) throw Refusal();
            if (partition >= Partitions) throw new ArgumentException($"There is no partition {partition}.");
            _events.AddRange(events.Select(e => (partition, e)));
            if (events.Any(e => e.AccountId is { } id && _lostReplies.Remove(id))) throw new TimeoutException("The log's answer is lost.");
        }
    }

    private sealed class RecordingStream(EventLog log, StreamId streamId) : IAsyncStream<GameEvent>
    {
        private readonly int _partition = int.Parse(streamId.GetKeyAsString(), CultureInfo.InvariantCulture);

        public bool IsRewindable => true;

        public string ProviderName => GameNames.Streams;

        public StreamId StreamId => streamId;

        public Task OnNextAsync(GameEvent item, StreamSequenceToken? token = null) => log.Append(_partition, [item]);

        public Task OnNextBatchAsync(IEnumerable<GameEvent> batch, StreamSequenceToken? token = null) => log.Append(_partition, [.. batch]);

        public Task OnCompletedAsync() => throw new NotSupportedException();

        public Task OnErrorAsync(Exception ex) => throw new NotSupportedException();

        public Task<IList<StreamSubscriptionHandle<GameEvent>>> GetAllSubscriptionHandles() => throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<GameEvent>> SubscribeAsync(IAsyncObserver<GameEvent> observer) =>
            throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<GameEvent>> SubscribeAsync(
            IAsyncObserver<GameEvent> observer, StreamSequenceToken? token, string? filterData = null) =>
            throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<GameEvent>> SubscribeAsync(IAsyncBatchObserver<GameEvent> observer) =>
            throw new NotSupportedException();

        public Task<StreamSubscriptionHandle<GameEvent>> SubscribeAsync(
            IAsyncBatchObserver<GameEvent> observer, StreamSequenceToken? token) =>
            throw new NotSupportedException();

        public bool Equals(IAsyncStream<GameEvent>? other) => other?.StreamId == streamId;

        public int CompareTo(IAsyncStream<GameEvent>? other) => streamId.CompareTo(other?.StreamId ?? default);

        public override bool Equals(object? obj) => Equals(obj as IAsyncStream<GameEvent>);

        public override int GetHashCode() => streamId.GetHashCode();
    }
}
