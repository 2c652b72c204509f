using System.Text;
using Banking.Streaming.Kafka.Log;
using Banking.Streaming.Log;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// A topic of one test's own, with the logs that the test opens on it. The first one to open makes it, with four partitions; disposing
/// deletes it.
/// </summary>
internal sealed class TestTopic(string bootstrapServers) : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private readonly List<KafkaLog> _logs = [];
    private IAdminClient? _admin;

    public string BootstrapServers => bootstrapServers;

    public string Name { get; } = "test-" + Guid.NewGuid().ToString("N");

    /// <summary>What its logs say to whoever runs them.</summary>
    public SaidSentences Said { get; } = new();

    public IAdminClient Admin => _admin ??= new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    /// <summary>
    /// Requests get more time than by default: a broker that shares a busy machine with its tests hears late of what was asked of its
    /// controller.
    /// </summary>
    public void Configure(KafkaLogOptions options) =>
        (options.BootstrapServers, options.Topic, options.Partitions, options.RequestTimeout) = (bootstrapServers, Name, 4, MaxWait);

    /// <summary>A log that looks for the topic.</summary>
    public KafkaLog Look(Action<KafkaLogOptions>? configure = null)
    {
        var options = new KafkaLogOptions();
        Configure(options);
        configure?.Invoke(options);
        var log = new KafkaLog(options, TimeProvider.System, Said);
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

    /// <summary>Makes it with settings of its own, before a log finds it.</summary>
    public Task Make(params (string Name, string Value)[] settings) => Admin.CreateTopicsAsync(
        [new TopicSpecification { Name = Name, NumPartitions = 4,
            Configs = settings.ToDictionary(setting => setting.Name, setting => setting.Value) }]);

    /// <summary>Changes one of its settings; the broker has it when this returns.</summary>
    public async Task Set(string name, string value)
    {
        var topic = new ConfigResource { Type = ResourceType.Topic, Name = Name };
        var change = new ConfigEntry { Name = name, Value = value, IncrementalOperation = AlterConfigOpType.Set };
        await Admin.IncrementalAlterConfigsAsync(new Dictionary<ConfigResource, List<ConfigEntry>> { [topic] = [change] });
        await Eventually.True(
            async () => (await Admin.DescribeConfigsAsync([topic]))[0].Entries[name].Value == value,
            $"the broker has heard of {name}");
    }

    /// <summary>Deletes it; the broker knows of none when this returns.</summary>
    public async Task Delete()
    {
        await Admin.DeleteTopicsAsync([Name]);
        await Eventually.True(IsGone, "the broker has heard of the deletion");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs) await log.DisposeAsync();
        try
        {
            await Admin.DeleteTopicsAsync([Name, Name + ".dead-letters"]);
        }
        catch (KafkaException)
        {
            // The test did not make both, or its brokers are mock ones, which delete none.
        }

        Admin.Dispose();
    }

    public static NewLogRecord[] Records(params string[] values) =>
        [.. values.Select(value => new NewLogRecord(default, Encoding.UTF8.GetBytes(value), []))];

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

    /// <summary>What a reader gets next, with patience: a wake-up means that there may be more, not that there is.</summary>
    public static async Task<IReadOnlyList<LogRecord>> Next(ILogReader reader)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            if (await reader.ReadAsync(1_000, bound.Token) is { Count: > 0 } records) return records;
            await reader.WaitAsync(bound.Token);
        }
    }

    private async Task<bool> IsGone()
    {
        try
        {
            await Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames([Name]));
            return false;
        }
        catch (DescribeTopicsException)
        {
            return true;
        }
    }
}
