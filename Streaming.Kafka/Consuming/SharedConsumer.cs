using System.Collections.Concurrent;
using Banking.Streaming.Kafka.Native;
using Banking.Streaming.Log;
using Confluent.Kafka;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Consuming;

/// <summary>
/// One consumer for readers of many partitions, one reader per partition. It never joins a group: partitions are assigned as readers open
/// and close. Its own thread fetches. A partition whose reader is slow is paused; if all are slow, nothing is taken from librdkafka, which
/// then stops fetching. Thread-safe.
/// </summary>
internal sealed unsafe class SharedConsumer : IDisposable
{
    /// <summary>The most records taken in one go, and so the longest run of one partition.</summary>
    private const int MaxTaken = 1_000;
    private const int MaxWaitMilliseconds = 1_000;

    private readonly KafkaLogOptions _options;
    private readonly ClientLog _clientLog;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly ConsumerQueue _queue;
    private readonly Thread _thread;
    private readonly ConcurrentQueue<Action> _commands = new();
    private readonly AutoResetEvent _room = new(false);
    private readonly HashSet<int> _taken = [];
    private readonly Dictionary<int, PartitionFeed> _feeds = [];
    private readonly RecordReading _reading;
    private readonly List<LogRecord> _run = new(MaxTaken);
    private volatile bool _stopped;
    private volatile bool _failed;

    public SharedConsumer(KafkaLogOptions options, ClientLog clientLog)
    {
        _options = options;
        _clientLog = clientLog;
        _reading = new RecordReading(options.MaxReadBytes);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(ClientSettings.Consumer(options, options.Group))
            .SetErrorHandler((_, error) => clientLog.Say(error))
            .SetLogHandler((_, message) => clientLog.Say(message))
            .Build();
        _queue = new ConsumerQueue(_consumer.Handle);
        _thread = new Thread(Run) { IsBackground = true, Name = $"kafka consumer {options.Topic}" };
        _thread.Start();
    }

    /// <summary>Whether its thread has ended, so that nothing more comes.</summary>
    public bool HasFailed => _failed;

    /// <summary>Whether no reader is open here.</summary>
    public bool IsIdle
    {
        get
        {
            lock (_taken) return _taken.Count == 0;
        }
    }

    /// <summary>Opens a feed of a partition; null if another reader has the partition here.</summary>
    public PartitionFeed? TryOpen(int partition, long offset)
    {
        lock (_taken)
        {
            if (!_taken.Add(partition)) return null;
            var feed = new PartitionFeed(partition, offset, _options, Wake);
            Command(() => Assign(feed, offset));
            return feed;
        }
    }

    public void Close(PartitionFeed feed)
    {
        lock (_taken)
        {
            // A command that opens the partition again comes after this one.
            Command(() => Unassign(feed));
            _taken.Remove(feed.Partition);
        }
    }

    public void Dispose()
    {
        _stopped = true;
        Wake();
        _thread.Join();
        _queue.Dispose();
        _consumer.Dispose();
        _room.Dispose();
    }

    private void Command(Action command)
    {
        _commands.Enqueue(command);
        Wake();
    }

    private void Wake()
    {
        _room.Set();
        _queue.Wake();
    }

    private void Run()
    {
        var messages = new Librdkafka.Message*[MaxTaken];
        try
        {
            while (!_stopped)
            {
                while (_commands.TryDequeue(out var command)) command();
                if (Regulate()) Deliver(messages, _queue.Take(MaxWaitMilliseconds, messages));
                else _room.WaitOne(MaxWaitMilliseconds);
            }
        }
        catch (Exception e)
        {
            // Nobody may wait for a thread that is gone.
            _failed = true;
            foreach (var feed in _feeds.Values)
            {
                feed.Fail(new LogException($"The consumer of '{_options.Topic}' has failed: {e.Message}", e));
            }
        }
    }

    private void Assign(PartitionFeed feed, long offset)
    {
        _feeds[feed.Partition] = feed;
        try
        {
            _consumer.IncrementalAssign([new TopicPartitionOffset(_options.Topic, feed.Partition, offset)]);
        }
        catch (KafkaException e)
        {
            feed.Fail(new LogException($"Partition {feed.Partition} of '{_options.Topic}' can't be read: {e.Error.Reason}", e));
        }
    }

    private void Unassign(PartitionFeed feed)
    {
        if (!_feeds.TryGetValue(feed.Partition, out var current) || current != feed) return;
        _feeds.Remove(feed.Partition);

        // The library remembers a pause beyond the assignment: the next reader of the partition would never get anything.
        if (feed.IsPaused) Pause(feed, false);
        try
        {
            _consumer.IncrementalUnassign([Of(feed)]);
        }
        catch (KafkaException e)
        {
            _clientLog.Say(e.Error);
        }
    }

    /// <summary>Pauses and resumes partitions; false if nothing is to be taken now.</summary>
    private bool Regulate()
    {
        var full = 0;
        foreach (var feed in _feeds.Values)
        {
            if (feed.IsFull) full++;
            else if (feed.IsPaused) Pause(feed, false);
        }

        // Pausing discards what was fetched ahead, so it is avoided where waiting has the same effect.
        if (full == 0 || full == _feeds.Count) return full == 0;
        foreach (var feed in _feeds.Values)
        {
            if (!feed.IsPaused && feed.IsFull) Pause(feed, true);
        }

        return true;
    }

    private void Pause(PartitionFeed feed, bool pause)
    {
        try
        {
            if (pause) _consumer.Pause([Of(feed)]);
            else _consumer.Resume([Of(feed)]);
        }
        catch (KafkaException)
        {
            // The partition has stopped with an error, which is passed to its reader.
        }

        feed.IsPaused = pause;
    }

    private void Deliver(Librdkafka.Message*[] messages, int count)
    {
        for (var i = 0; i < count;)
        {
            var first = messages[i];
            if (first->Error != Librdkafka.NoError)
            {
                DeliverEvent(first);
                Librdkafka.Destroy(first);
                i++;
                continue;
            }

            _run.Clear();
            var bytes = 0L;
            var partition = first->Partition;
            for (; i < count && messages[i]->Error == Librdkafka.NoError && messages[i]->Partition == partition; i++)
            {
                var record = _reading.Read(messages[i]);
                Librdkafka.Destroy(messages[i]);
                bytes += RecordSize.InMemory(record);
                _run.Add(record);
            }

            if (_feeds.TryGetValue(partition, out var feed)) feed.Add([.. _run], bytes);
        }
    }

    private void DeliverEvent(Librdkafka.Message* message)
    {
        var error = new Error((ErrorCode)message->Error);
        if (message->Partition < 0 || !_feeds.TryGetValue(message->Partition, out var feed)) _clientLog.Say(error);
        else if (message->Error == Librdkafka.PartitionEof) feed.End(message->Offset);
        else if (message->Error is Librdkafka.AutoOffsetReset or Librdkafka.OffsetOutOfRange) feed.Fail(new OffsetGoneException());
        else feed.Fail(
            new LogException($"Partition {feed.Partition} of '{_options.Topic}' can't be read: {error.Reason}", new KafkaException(error)));
    }

    private TopicPartition Of(PartitionFeed feed) => new(_options.Topic, feed.Partition);
}

/// <summary>The brokers don't have the reader's offset; the reader finds out what they have.</summary>
internal sealed class OffsetGoneException : Exception;
