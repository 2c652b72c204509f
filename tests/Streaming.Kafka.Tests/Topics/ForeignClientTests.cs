using System.Text;
using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Banking.Streaming.Log;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>The topic is everybody's: other clients read what the log wrote, and write what it reads.</summary>
public sealed class ForeignClientTests : IAsyncLifetime
{
    private TestTopic? _topic;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _topic = new TestTopic(await RealServers.Kafka());

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
    }

    [Fact]
    public async Task Append_WhenAnotherClientReadsTheTopic_ThenItSeesKeyValueAndHeadersAsTheyAre()
    {
        var log = await _topic!.Open();
        await log.AppendAsync(
            2,
            [
                new NewLogRecord("alice"u8.ToArray(), """{"event_type":"deposit"}"""u8.ToArray(), [new LogHeader("trace", "1-2"u8.ToArray())]),
                new NewLogRecord(default, "no key"u8.ToArray(), []),
            ],
            Cancellation);

        var lines = await Kcat.Run(
            "", "-b", _topic.BootstrapServers, "-C", "-t", _topic.Name, "-p", "2", "-o", "beginning", "-e", "-q", "-f", "%o|%k|%K|%s|%h\n");

        Assert.Equal(["""0|alice|5|{"event_type":"deposit"}|trace=1-2""", "1||-1|no key|"], lines);
    }

    [Fact]
    public async Task Append_WhenKeysAreRoutedByMurmur2_ThenAnotherClientsPartitionerAgrees()
    {
        var log = await _topic!.Open();
        string[] keys = [.. Enumerable.Range(0, 40).Select(i => $"account-{i}")];
        var lines = string.Concat(keys.Select(key => $"{key}:x\n"));
        await Kcat.Run(lines, "-b", _topic.BootstrapServers, "-P", "-t", _topic.Name, "-K", ":", "-X", "topic.partitioner=murmur2_random");

        for (var partition = 0; partition < log.PartitionCount; partition++)
        {
            await using var reader = await log.OpenReaderAsync(partition, 0, Cancellation);
            var read = await reader.ReadAsync(100, Cancellation);
            Assert.Equal(
                keys.Where(key => Murmur2.Partition(Encoding.UTF8.GetBytes(key), 4) == partition),
                read.Select(record => Encoding.UTF8.GetString(record.Key.Span)));
        }
    }

    [Fact]
    public async Task Read_WhenAnotherClientWrote_ThenItsRecordsComeAsTheyAre()
    {
        var log = await _topic!.Open();
        await Kcat.Run("key:value\n:\n", "-b", _topic.BootstrapServers, "-P", "-t", _topic.Name, "-p", "1", "-K", ":", "-H", "source=kcat");

        await using var reader = await log.OpenReaderAsync(1, 0, Cancellation);
        var read = await reader.ReadAsync(10, Cancellation);

        Assert.Equal(["key", ""], read.Select(record => Encoding.UTF8.GetString(record.Key.Span)));
        Assert.Equal(["value", ""], read.Select(record => Encoding.UTF8.GetString(record.Value.Span)));
        Assert.All(read, record => Assert.Equal("source", Assert.Single(record.Headers).Name));
    }

    [Fact]
    public async Task AppendAsync_WhenThereAreDeadLetters_ThenAnotherClientFindsThemWithTheirReasons()
    {
        var log = await _topic!.Open();
        var record = new LogRecord(17, 1_000, "alice"u8.ToArray(), "no json"u8.ToArray(), [new LogHeader("trace", "1-2"u8.ToArray())]);

        await log.AppendAsync([new DeadLetter(3, record, "It can't be read.")], Cancellation);

        var lines = await Kcat.Run(
            "", "-b", _topic.BootstrapServers, "-C", "-t", _topic.Name + ".dead-letters", "-o", "beginning", "-e", "-q", "-f",
            "%k|%s|%h\n");
        Assert.Equal(
            [
                "alice|no json|trace=1-2,dead-letter-reason=It can't be read.,"
                + $"dead-letter-topic={_topic.Name},dead-letter-partition=3,dead-letter-offset=17,dead-letter-timestamp=1000",
            ],
            lines);
    }
}
