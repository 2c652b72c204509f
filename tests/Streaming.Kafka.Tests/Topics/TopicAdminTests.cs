using System.Reflection;
using Banking.Streaming.Kafka.Topics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Topics;

public sealed class TopicAdminTests
{
    [Fact]
    public async Task Settings_WhenABrokerHasNotHeardOfTheTopicYet_ThenItIsAskedAgain()
    {
        var (client, brokers) = Brokers.Create(ignorant: 2);
        var admin = new TopicAdmin(client, new KafkaLogOptions(), TimeProvider.System);

        var settings = await admin.SettingsAsync("new", TestContext.Current.CancellationToken);

        Assert.Equal(2_000_000, settings.MaxMessageBytes);
        Assert.Equal(3, brokers.Asked);
    }

    [Fact]
    public async Task Settings_WhenNoBrokerHearsOfTheTopic_ThenItFailsAfterTheTimeOfARequest()
    {
        var (client, _) = Brokers.Create(ignorant: int.MaxValue);
        var admin = new TopicAdmin(client, new KafkaLogOptions { RequestTimeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);

        await Assert.ThrowsAsync<DescribeConfigsException>(() => admin.SettingsAsync("gone", TestContext.Current.CancellationToken));
    }

    /// <summary>Answers of which the first ones come from brokers that do not know the topic.</summary>
#pragma warning disable CA1852 // A proxy's base can't be sealed.
    private class Brokers : DispatchProxy
#pragma warning restore CA1852
    {
        private int _ignorant;

        public int Asked { get; private set; }

        public static (IAdminClient Client, Brokers Answers) Create(int ignorant)
        {
            var client = Create<IAdminClient, Brokers>();
            var answers = (Brokers)client;
            answers._ignorant = ignorant;
            return (client, answers);
        }

        protected override object Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            Assert.Equal(nameof(IAdminClient.DescribeConfigsAsync), targetMethod!.Name);
            if (Asked++ < _ignorant)
            {
                var unknown = new DescribeConfigsReport { Entries = [], Error = new Error(ErrorCode.UnknownTopicOrPart) };
                return Task.FromException<List<DescribeConfigsResult>>(new DescribeConfigsException([unknown]));
            }

            var limit = new ConfigEntryResult { Name = "max.message.bytes", Value = "2000000" };
            var entries = new Dictionary<string, ConfigEntryResult> { [limit.Name] = limit };
            return Task.FromResult(new List<DescribeConfigsResult> { new() { Entries = entries } });
        }
    }
}
