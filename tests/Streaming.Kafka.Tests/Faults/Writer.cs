using System.Collections.Concurrent;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>
/// Appends "id:number" with growing numbers, in batches of one to four, one after another, and keeps what became of them. Disposing ends
/// it.
/// </summary>
internal sealed class Writer : IAsyncDisposable
{
    private readonly KafkaLog _log;
    private readonly Random _random;
    private readonly Task _writing;
    private volatile bool _ended;

    public Writer(int id, KafkaLog log)
    {
        (Id, Partition, _log, _random) = (id, id % 3, log, new Random(id));
        _writing = Task.Run(Write);
    }

    public int Id { get; }

    public int Partition { get; }

    /// <summary>The numbers whose appends returned.</summary>
    public ConcurrentQueue<int> Acknowledged { get; } = new();

    /// <summary>Those whose appends failed.</summary>
    public ConcurrentQueue<int> Unknown { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await _writing;
    }

    private async Task Write()
    {
        for (var next = 0; !_ended;)
        {
            var numbers = Enumerable.Range(next, _random.Next(1, 5)).ToArray();
            next += numbers.Length;
            try
            {
                await _log.AppendAsync(
                    Partition, TestTopic.Records([.. numbers.Select(number => $"{Id}:{number}")]), CancellationToken.None);
                foreach (var number in numbers) Acknowledged.Enqueue(number);
            }
            catch (LogException)
            {
                foreach (var number in numbers) Unknown.Enqueue(number);
            }
        }
    }
}
