using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Banking.Streaming.Kafka.Tests.Hosting;

public sealed class KafkaLogOptionsTests
{
    [Fact]
    public void Validate_WhenOnlyTheServersAreSet_ThenItHolds() => Assert.True(Validate(_ => { }).Succeeded);

    public static TheoryData<string, Action<KafkaLogOptions>> Faults => new()
    {
        { "BootstrapServers", options => options.BootstrapServers = " " },
        { "Topic ''", options => options.Topic = "" },
        { "Topic 'a/b'", options => options.Topic = "a/b" },
        { "Topic '..'", options => options.Topic = ".." },
        { "DeadLetterTopic must differ", options => options.DeadLetterTopic = "events" },
        { "Partitions is 0", options => options.Partitions = 0 },
        { "ReplicationFactor", options => options.ReplicationFactor = 0 },
        { "Retention", options => options.Retention = TimeSpan.Zero },
        { "Group", options => options.Group = "" },
        { "AppendTimeout", options => options.AppendTimeout = TimeSpan.Zero },
        { "RequestTimeout", options => options.RequestTimeout = TimeSpan.Zero },
        { "MaxWaitingBytes", options => options.MaxWaitingBytes = 0 },
        { "ReadAheadRecords", options => options.ReadAheadRecords = 0 },
        { "ReadAheadBytes", options => options.ReadAheadBytes = 0 },
        { "WatchInterval", options => options.WatchInterval = TimeSpan.Zero },
        { "'acks'", options => options.Client["acks"] = "1" },
        { "'enable.idempotence'", options => options.Producer["enable.idempotence"] = "false" },
        { "'auto.offset.reset'", options => options.Consumer["auto.offset.reset"] = "latest" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Validate_WhenASettingIsImpossible_ThenTheSentenceNamesIt(string named, Action<KafkaLogOptions> configure)
    {
        var result = Validate(configure);

        Assert.Contains(result.Failures!, sentence => sentence.Contains(named, StringComparison.Ordinal));
    }

    [Fact]
    public void Settings_WhenTheCallerSetsLibrdkafkas_ThenTheyReachEveryClientAndTheGuaranteesStay()
    {
        var options = new KafkaLogOptions { BootstrapServers = "broker:9092" };
        options.Client["security.protocol"] = "sasl_ssl";
        options.Producer["compression.type"] = "lz4";
        options.Consumer["fetch.min.bytes"] = "4096";

        var producer = ClientSettings.Producer(options).ToDictionary();
        var consumer = ClientSettings.Consumer(options, "lake").ToDictionary();

        Assert.Equal(
            ("sasl_ssl", "lz4", "true", "all"),
            (producer["security.protocol"], producer["compression.type"], producer["enable.idempotence"], producer["acks"]));
        Assert.Equal(("sasl_ssl", "4096", "lake"), (consumer["security.protocol"], consumer["fetch.min.bytes"], consumer["group.id"]));
        Assert.False(producer.ContainsKey("fetch.min.bytes"));
    }

    [Fact]
    public void Log_WhenLibrdkafkaDoesNotKnowASetting_ThenTheSentenceNamesIt()
    {
        using var services = new ServiceCollection().AddLogging().AddKafkaLog("log", options =>
        {
            options.BootstrapServers = "broker:9092";
            options.Client["no.such.setting"] = "1";
        }).BuildServiceProvider();

        var refusal = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());

        Assert.Contains("no.such.setting", refusal.Message, StringComparison.Ordinal);
    }

    private static ValidateOptionsResult Validate(Action<KafkaLogOptions> configure)
    {
        var options = new KafkaLogOptions { BootstrapServers = "broker:9092" };
        configure(options);
        return new KafkaLogOptionsValidator().Validate("log", options);
    }
}
