using System.Net;
using System.Text;
using System.Text.Json;
using Banking.Servers;
using Banking.Servers.PostgreSql;
using Banking.Simulations.Tests.Processes;
using Banking.Streaming.Kafka.Tests.Brokers;
using Confluent.Kafka;
using Npgsql;

namespace Banking.Simulations.Tests.Upgrades;

/// <summary>The built silo goes on with what an earlier build left: a data folder, a database of PostgreSQL, a topic.</summary>
public sealed class OldBankTests
{
    // So that it does not depend on the day of the test whether the log still has its records.
    private static readonly string[] Settings = ["--Banking:Log:Retention", "36500.00:00:00"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataFolder_OfTheBaseline_IsGoneOnWith()
    {
        var old = new Baseline(Baseline.Data);
        using var bank = new EmbeddedBank(Settings);
        await old.Unpack(bank.Data, Token);
        File.Copy(old.PathOf("journal.jsonl"), bank.Journal(seed: 0));

        await using (var silo = await bank.Start())
        {
            await RequireGoesOn(silo, old);
            await bank.Load(silo, seed: 1, actions: 300, accounts: 20);
            await bank.RequireSound(silo, 0, 1);
            Assert.Equal(0, await silo.Stop(Token));
        }

        var rows = await ClientProcess.Run(Token, "query", "--lake", bank.Lake, "--format", "csv", Baseline.RowsQuery);
        Assert.Equal(await File.ReadAllTextAsync(old.PathOf("rows.csv"), Token), rows.Output);
    }

    [Fact]
    public async Task Database_OfTheBaseline_IsGoneOnWith()
    {
        var old = new Baseline(Baseline.PostgreSql);
        var database = await Databases.Create();
        using var bank = new EmbeddedBank([.. Settings, "--Banking:Storage:PostgreSql", database]);
        try
        {
            await Databases.Execute(database, await File.ReadAllTextAsync(old.PathOf("dump.sql"), Token));
            await old.Unpack(bank.Data, Token);
            var names = await StateNames(database);

            await using var silo = await bank.Start();
            await RequireGoesOn(silo, old);
            await bank.Load(silo, seed: 1, actions: 300, accounts: 20);
            await bank.RequireSound(silo, 1);
            Assert.Equal(names, await StateNames(database));
        }
        finally
        {
            await Databases.Drop(database);
        }
    }

    [Fact]
    public async Task Topic_OfTheBaseline_IsReadIntoANewDatabaseAndANewLake()
    {
        var old = new Baseline(Baseline.Kafka);
        await using var topic = new TestTopic(await RealServers.Kafka());
        await topic.Make(("retention.ms", "-1"), ("message.timestamp.type", "CreateTime"));
        await Produce(topic, File.ReadLines(old.PathOf("records.jsonl")));
        using var bank = new EmbeddedBank("--Banking:Kafka:BootstrapServers", topic.BootstrapServers, "--Banking:Kafka:Topic", topic.Name);

        await using var silo = await bank.Start();
        Assert.Equal(old.Books, await Bank.Ledgers(silo, Token));
        await RequireGoesOn(silo, old, doneOnly: true);
        await bank.Load(silo, seed: 1, actions: 300, accounts: 20);
        await bank.RequireSound(silo, 1);
        Assert.Equal(0, await silo.Stop(Token));
        var strangers = await ClientProcess.Run(
            Token, "query", "--lake", bank.Lake, "--format", "csv",
            "select description, user_agent from cash_transactions where event_id is null");
        Assert.Contains("stranger 12.5,ApacheBench/2.3", strangers.Output, StringComparison.Ordinal);
    }

    /// <summary>Holders, holdings and answers are those of the earlier build, and an account's next event has the next number.</summary>
    private static async Task RequireGoesOn(SiloProcess silo, Baseline old, bool doneOnly = false)
    {
        Assert.Equal(old.Books, await Bank.Ledgers(silo, Token));
        await old.RequireAnswers(silo, doneOnly, Token);
        foreach (var (account, name) in new[] { ("ann", "Ann Example"), ("ben", "Ben Again") })
        {
            Assert.Equal(name, (await Bank.Statement(silo, account, Token)).GetProperty("full_name").GetString());
            var (status, text) = await Bank.Post(silo, $"/v1/accounts/{account}/deposits", """{"amount":3}""", null, Token);
            using var reply = JsonDocument.Parse(text);
            var number = reply.RootElement.GetProperty("sequence_number").GetInt64();
            Assert.Equal((HttpStatusCode.OK, old.NextNumber(account)), (status, number));
        }
    }

    /// <summary>By which names states are kept, and of which types of grains.</summary>
    private static async Task<string> StateNames(string database)
    {
        await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
        await using var command = source.CreateCommand(
            "select string_agg(distinct state_name || ' of ' || convert_from(grain_type, 'UTF8'), ', ') from grain_storage.grain_state");
        return (string)(await command.ExecuteScalarAsync(Token))!;
    }

    /// <summary>As they stood in the earlier topic: partitions, keys, headers, times.</summary>
    private static async Task Produce(TestTopic topic, IEnumerable<string> records)
    {
        using var producer = new ProducerBuilder<byte[]?, string>(new ProducerConfig { BootstrapServers = topic.BootstrapServers }).Build();
        foreach (var line in records)
        {
            using var json = JsonDocument.Parse(line);
            var record = json.RootElement;
            var message = new Message<byte[]?, string>
            {
                Key = record.GetProperty("key").GetString() is { } key ? Encoding.UTF8.GetBytes(key) : null,
                Value = record.GetProperty("payload").GetString()!,
                Timestamp = new Timestamp(record.GetProperty("ts").GetInt64(), TimestampType.CreateTime),
                Headers = [],
            };
            var headers = record.TryGetProperty("headers", out var all) ? all.EnumerateArray().Select(text => text.GetString()!) : [];
            foreach (var header in headers.Chunk(2)) message.Headers.Add(header[0], Encoding.UTF8.GetBytes(header[1]));
            await producer.ProduceAsync(new TopicPartition(topic.Name, record.GetProperty("partition").GetInt32()), message, Token);
        }
    }
}
