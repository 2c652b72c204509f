using System.Text.Json;
using Banking.Servers;
using Banking.Streaming.Kafka.Tests.Brokers;
using Confluent.Kafka;

namespace Banking.Simulations.Tests.Processes;

/// <summary>The built programs with Kafka as the log: other clients' records, and deaths on either side.</summary>
[Collection(RealServers.Killed)]
public sealed class KafkaGameTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private TestTopic? _topic;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string Lake => Path.Combine(Data, "lake");

    private string Journal => _folder.File("journal.jsonl");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_topic is not null) await _topic.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Topic_WhenOthersReadAndWriteIt_ThenTheySeeTheGameAndTheirEventsAreInTheTables()
    {
        var topic = _topic = new TestTopic(await RealServers.Kafka());
        await using var silo = await Start(topic);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Url) };
        await Post(http, "/open_account/", """{"user_id":"tpeters","full_name":"Tom Peters"}""");
        await Post(http, "/deposit/", """{"user_id":"tpeters","amount":"200"}""");
        await Kcat.Run(
            """{"event_type":"make_deposit","description":"stranger 12.5","Host":"user1.comcast.com","User-Agent":"ApacheBench/2.3"}""",
            "-b", topic.BootstrapServers, "-P", "-t", topic.Name);
        await Kcat.Run("no event", "-b", topic.BootstrapServers, "-P", "-t", topic.Name, "-k", "some key", "-H", "source=kcat");

        await Flush(http);

        var seen = await Kcat.Run("", "-b", topic.BootstrapServers, "-C", "-t", topic.Name, "-o", "beginning", "-e", "-q", "-f", "%k %s\n");
        var deposit = JsonDocument.Parse(
            Assert.Single(seen, line => line.Contains("tpeters 200.0", StringComparison.Ordinal))["tpeters ".Length..]).RootElement;
        Assert.Equal(("make_deposit", 200m), (deposit.GetProperty("event_type").GetString(), deposit.GetProperty("amount").GetDecimal()));
        var (_, rows) = await ClientProcess.Run(
            Token, "query", "--lake", Lake, "--format", "csv",
            "select description, user_agent, amount from cash_transactions order by description");
        Assert.Contains("stranger 12.5,ApacheBench/2.3,", rows, StringComparison.Ordinal);
        Assert.Contains("tpeters 200.0,", rows, StringComparison.Ordinal);
        var letters = await Kcat.Run(
            "", "-b", topic.BootstrapServers, "-C", "-t", topic.Name + ".dead-letters", "-o", "beginning", "-e", "-q", "-f", "%k|%s|%h\n");
        Assert.StartsWith("some key|no event|source=kcat,dead-letter-reason=", Assert.Single(letters), StringComparison.Ordinal);

        // This broker is alone, which an operator may not know.
        using var health = JsonDocument.Parse(await http.GetStringAsync("/health/ready", Token));
        Assert.Contains("one replica", health.RootElement.GetProperty("warnings")[0].GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Game_WhenSiloAndBrokerAreKilledUnderLoad_ThenTheLakeHasEveryActionOnce()
    {
        var stack = await RealServers.Mortal("kafka");
        var topic = _topic = new TestTopic(stack.BootstrapServers);
        var port = SiloProcess.FreePort();
        await using var first = await Start(topic, port);
        using var load = SteadyLoad.Start(first.Url, Journal, seed: 11, accounts: 200);

        await load.Progress(300, Token);
        await first.Kill(Token);
        await using var second = await Start(topic, port);
        await load.Progress(200, Token);
        await stack.Kill("kafka");
        // Players go on without the broker.
        await load.Progress(200, Token);
        await stack.Start("kafka");
        await load.Progress(200, Token);
        await load.Stop(() => second.Output, Token);
        var verified = await ClientProcess.Run(Token, "verify", "--url", second.Url, "--lake", Lake, "--journal", Journal);
        var exitCode = await second.Stop(Token);

        Assert.True(verified.ExitCode == 0, verified.Output + second.Output);
        Assert.Equal(0, exitCode);
    }

    [Fact]
    public async Task Start_WhenTheBrokerIsAway_ThenPlayersAreAnsweredAndAllComesIntoTheLakeLater()
    {
        var stack = await RealServers.Mortal("kafka");
        var topic = _topic = new TestTopic(stack.BootstrapServers);
        await stack.Kill("kafka");
        await using var silo = await Start(topic);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Url) };
        Assert.Equal("Account Opened!\n", await Post(http, "/open_account/", """{"user_id":"early","full_name":"Early Bird"}"""));
        Assert.Equal("Amount deposited!\n", await Post(http, "/deposit/", """{"user_id":"early","amount":"200"}"""));

        await stack.Start("kafka");

        await Eventually.True(
            async () => (await http.PostAsync("/v1/lake/flush", null, Token)).IsSuccessStatusCode, "the lake is flushed");
        var verified = await ClientProcess.Run(Token, "verify", "--url", silo.Url, "--lake", Lake);
        Assert.Contains("All is well: 1 accounts, 2 events", verified.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Flush_WhenAStrangersTransactionIsOpenInEachPartition_ThenFlushAndStopSayWhatTheyWaitForUntilItIsOver()
    {
        var topic = _topic = new TestTopic(await RealServers.Kafka());
        var port = SiloProcess.FreePort();
        await using var silo = await Start(topic, port);
        using var http = new HttpClient { BaseAddress = new Uri(silo.Url) };
        await Post(http, "/open_account/", """{"user_id":"early","full_name":"Early Bird"}""");
        await Flush(http);
        using var stranger = await Transaction(topic);
        await Post(http, "/deposit/", """{"user_id":"early","amount":"200"}""");

        using var refused = await http.PostAsync("/v1/lake/flush", null, Token);
        var exitCode = await silo.Stop(Token);

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("open transaction of another producer", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.DoesNotContain("everything acknowledged is in the lake", silo.Output, StringComparison.Ordinal);
        Assert.Contains("Stopping with events that are not in the lake yet", silo.Output, StringComparison.Ordinal);

        stranger.AbortTransaction();
        await using var next = await Start(topic, port);
        using var later = new HttpClient { BaseAddress = new Uri(next.Url) };
        await Eventually.True(
            async () => (await later.PostAsync("/v1/lake/flush", null, Token)).IsSuccessStatusCode, "the lake is flushed");
        var verified = await ClientProcess.Run(Token, "verify", "--url", next.Url, "--lake", Lake);
        Assert.Contains("All is well: 1 accounts, 2 events", verified.Output, StringComparison.Ordinal);
    }

    /// <summary>A transaction with a record in each partition that lasts longer than a flush and a stop.</summary>
    private static async Task<IProducer<Null, string>> Transaction(TestTopic topic)
    {
        var settings =
            new ProducerConfig { BootstrapServers = topic.BootstrapServers, TransactionalId = topic.Name, TransactionTimeoutMs = 300_000 };
        var stranger = new ProducerBuilder<Null, string>(settings).Build();
        stranger.InitTransactions(TimeSpan.FromSeconds(30));
        stranger.BeginTransaction();
        for (var partition = 0; partition < 4; partition++)
            await stranger.ProduceAsync(
                new TopicPartition(topic.Name, partition), new Message<Null, string> { Value = "of a transaction" }, Token);
        return stranger;
    }

    private Task<SiloProcess> Start(TestTopic topic, int? port = null) => SiloProcess.Start(
        Data, port ?? SiloProcess.FreePort(), Token, "--Banking:Kafka:BootstrapServers", topic.BootstrapServers, "--Banking:Kafka:Topic",
        topic.Name,
        "--Banking:Lake:MaxIdle", "00:00:01", "--Banking:Lake:MaxAge", "00:00:02");

    private static async Task<string> Post(HttpClient http, string path, string json)
    {
        using var content = new StringContent(json, System.Text.Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(path, content, Token);
        return await answer.Content.ReadAsStringAsync(Token);
    }

    private static async Task Flush(HttpClient http)
    {
        using var answer = await http.PostAsync("/v1/lake/flush", null, Token);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Token));
    }
}
