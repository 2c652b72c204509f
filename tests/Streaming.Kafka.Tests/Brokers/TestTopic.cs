using System.Text;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Microsoft.Extensions.Logging.Abstractions;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>A topic of one test's own, with the logs that the test opens on it. The first one to open makes it, with four partitions; disposing deletes it.</summary>
internal sealed class TestTopic(string bootstrapServers) : IAsyncDisposable
{
    private readonly List<KafkaLog> _logs = [];
    private IAdminClient? _admin;

    public string BootstrapServers => bootstrapServers;

    public string Name { get; } = "test-" + Guid.NewGuid().ToString("N");

    public IAdminClient Admin => _admin ??= new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    public void Configure(KafkaLogOptions options) => (options.BootstrapServers, options.Topic, options.Partitions) = (bootstrapServers, Name, 4);

    /// <summary>A log that looks for the topic.</summary>
    public KafkaLog Look(Action<KafkaLogOptions>? configure = null)
    {
        var options = new KafkaLogOptions();
        Configure(options);
        configure?.Invoke(options);
        var log = new KafkaLog(options, TimeProvider.System, NullLogger<KafkaLog>.Instance);
        _logs.Add(log);
        return log;
    }

    /// <summary>A log that has found it.</summary>
    public async Task<KafkaLog> Open(Action<KafkaLogOptions>? configure = null)
    {
        var log = Look(configure);
        await log.OpenAsync(TestContext.Current.CancellationToken);
        return log;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        try
        {
            await Admin.DeleteTopicsAsync([Name, Name + ".dead-letters"]);
        }
        catch (DeleteTopicsException)
        {
            // The test did not make both.
        }

        Admin.Dispose();
    }

    public static NewLogRecord[] Records(params string[] values) => [.. values.Select(value => new NewLogRecord(default, Encoding.UTF8.GetBytes(value), []))];

    /// <summary>The values that lie between the bounds of a partition.</summary>
    public static async Task<string[]> ReadAll(IPartitionedLog log, int partition)
    {
        var bounds = await log.GetBoundsAsync(partition, TestContext.Current.CancellationToken);
        await using var reader = await log.OpenReaderAsync(partition, bounds.First, TestContext.Current.CancellationToken);
        List<string> values = [];
        while (await reader.ReadAsync(1_000, TestContext.Current.CancellationToken) is { Count: > 0 } records)
            values.AddRange(records.Select(record => Encoding.UTF8.GetString(record.Value.Span)));
        return [.. values];
    }
}
