using System.Runtime.InteropServices;
using Confluent.Kafka;

namespace Banking.Streaming.Kafka.Native;

/// <summary>
/// The queue of a consumer: the records of all its partitions, ends of partitions, and errors. One thread takes from it; any thread may
/// wake that one.
/// </summary>
internal sealed unsafe class ConsumerQueue : IDisposable
{
    private readonly SafeHandle _client;
    private readonly IntPtr _queue;

    public ConsumerQueue(Handle client)
    {
        _client = Librdkafka.HandleOf(client);
        var held = false;
        _client.DangerousAddRef(ref held);
        _queue = Librdkafka.QueueGetConsumer(_client.DangerousGetHandle());
    }

    /// <summary>Waits for the first message, and takes whatever else is there.</summary>
    /// <returns>How many there are now; each must be given back with <see cref="Librdkafka.Destroy"/>.</returns>
    public int Take(int milliseconds, Librdkafka.Message*[] messages)
    {
        // A batch would wait until it is full or its time is over, so it gets no time.
        messages[0] = Librdkafka.Consume(_queue, milliseconds);
        if (messages[0] is null) return 0;
        fixed (Librdkafka.Message** rest = &messages[1])
        {
            return 1 + (int)Math.Max(0, Librdkafka.ConsumeBatch(_queue, 0, rest, messages.Length - 1));
        }
    }

    /// <summary>Ends the wait that is under way, or the next one.</summary>
    public void Wake() => Librdkafka.QueueYield(_queue);

    public void Dispose()
    {
        Librdkafka.QueueDestroy(_queue);
        _client.DangerousRelease();
    }
}
