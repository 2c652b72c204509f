using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Faults;

/// <summary>Appends "id:number" with growing numbers as an account does: what failed again before anything later. Disposing ends
/// it.</summary>
internal sealed class Outbox : IAsyncDisposable
{
    private readonly KafkaLog _log;
    private readonly Task _writing;
    private volatile bool _ended;
    private int _acknowledged;
    private int _failures;

    public Outbox(int id, KafkaLog log)
    {
        (Id, Partition, _log) = (id, id % 3, log);
        _writing = Task.Run(Write);
    }

    public int Id { get; }

    public int Partition { get; }

    /// <summary>How many numbers the log has confirmed.</summary>
    public int Acknowledged => Volatile.Read(ref _acknowledged);

    public int Failures => Volatile.Read(ref _failures);

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        await _writing;
    }

    private async Task Write()
    {
        while (!_ended)
        {
            try
            {
                await _log.AppendAsync(Partition, TestTopic.Records($"{Id}:{Acknowledged}"), CancellationToken.None);
                Interlocked.Increment(ref _acknowledged);
            }
            catch (LogException)
            {
                Interlocked.Increment(ref _failures);
            }
        }
    }
}
