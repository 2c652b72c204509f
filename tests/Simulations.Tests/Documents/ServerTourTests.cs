using Banking.Servers;
using Banking.Simulations.Tests.Processes;
using Banking.Streaming.Kafka.Tests.Brokers;

namespace Banking.Simulations.Tests.Documents;

/// <summary>
/// The commands of the documents that need Kafka, HDFS, a Hive metastore or Presto, and the tour with these in place of what is embedded.
/// </summary>
public sealed class ServerTourTests
{
    private const string NameNode = "http://localhost:9870";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Commands_ThatNeedServers_DoAsTheDocumentsSay()
    {
        var database = $"test_{Guid.NewGuid():N}";
        var presto = await RealServers.Presto();
        var nameNode = await RealServers.WebHdfs();
        await using var topic = new TestTopic(await RealServers.Kafka());
        using var session = new PrestoSession(presto, database);
        using var shell = new DocumentShell(
            ("localhost:9092", topic.BootstrapServers), (NameNode, nameNode), ("hdfs://localhost:9000", await RealServers.Hdfs()),
            ("localhost:9083", await RealServers.Metastore()), ("http://localhost:8080", presto),
            ("-t events", $"-t {topic.Name}"), ("/webhdfs/v1/banking?", $"/webhdfs/v1/tests/{database}?"));
        // In places of the test's own.
        shell.Environment["Banking__Kafka__Topic"] = topic.Name;
        shell.Environment["Banking__Hive__Database"] = database;
        shell.Environment["BANKING_LAKE"] = $"tests/{database}";
        shell.Environment["USER"] = HdfsFolder.User;
        shell.Environment["Banking__Presto__Url"] = presto;

        await using (var silo = await DocumentSilo.Start(shell, Document.Blocks.Single(Starts), Token))
        {
            // Players are answered some seconds before the lake is open; a reader types more slowly than this.
            await Eventually.True(() => IsFlushed(shell.Url), "the lake is open");
            await Kcat.Run("no event", "-b", topic.BootstrapServers, "-P", "-t", topic.Name);
            await Eventually.True(() => HasDeadLetters(topic), "there is a dead letter");
            foreach (var block in Document.Blocks.Where(IsOfTheTour)) await shell.Run(block, Token);
            foreach (var block in Document.Blocks.Where(IsForPresto)) await Ask(block, presto, database);
            await silo.Stop(Token);
        }

        await shell.Run(Document.Block("uninstall: a lake on HDFS"), Token);
        var tables = Document.Blocks.Single(block => CommandPlaces.Begins(block, "-- Presto's own client"));
        foreach (var sql in tables.Statements) await session.Query(sql, Token);
        Assert.Empty(await session.Query("show tables", Token));
        await session.Query($"drop schema {database}", Token);
        using var http = new HttpClient();
        using var lake = await http.GetAsync($"{nameNode}/webhdfs/v1/tests/{database}?op=GETFILESTATUS", Token);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, lake.StatusCode);
    }

    [Fact]
    public async Task Silo_WithKafkaAsTheLog_StartsAsTheReadmeSays()
    {
        await using var topic = new TestTopic(await RealServers.Kafka());
        using var shell = new DocumentShell(("localhost:9092", topic.BootstrapServers));
        shell.Environment["Banking__Kafka__Topic"] = topic.Name;

        await using var silo = await DocumentSilo.Start(
            shell,
            Document.Blocks.Single(block => block.StartsSilo && block.Kind == DocumentBlock.Inline && CommandPlaces.NeedsServers(block)),
            Token);
        await silo.Stop(Token);
    }

    private static bool Starts(DocumentBlock block) =>
        block.StartsSilo && block.Kind == "sh" && CommandPlaces.NeedsServers(block) && CommandPlaces.IsRunInTours(block);

    // What the reader did before, so that there is something to see; the many players are left out, as they take their time.
    private static bool IsOfTheTour(DocumentBlock block) => block.IsCommand && !block.StartsSilo && CommandPlaces.IsRunInTours(block)
        && (CommandPlaces.NeedsServers(block) || block.Text.StartsWith("curl ", StringComparison.Ordinal)
            || block.Text.Contains("-- statement", StringComparison.Ordinal));

    private static bool IsForPresto(DocumentBlock block) =>
        block.Kind == "sql" && CommandPlaces.IsRunInTours(block) && block.Head.Contains("Presto", StringComparison.Ordinal);

    private static async Task<bool> HasDeadLetters(TestTopic topic)
    {
        var metadata = await Kcat.Run("", "-L", "-b", topic.BootstrapServers);
        return metadata.Any(line => line.Contains($"{topic.Name}.dead-letters", StringComparison.Ordinal));
    }

    private static async Task<bool> IsFlushed(string url)
    {
        using var http = new HttpClient();
        using var answer = await http.PostAsync(url + "/v1/lake/flush", null, Token);
        return answer.IsSuccessStatusCode;
    }

    private static async Task Ask(DocumentBlock block, string presto, string database)
    {
        foreach (var sql in block.Statements)
        {
            var answer = await ClientCommand.Run("query", "--presto", presto, "--presto-schema", database, "--format", "csv", sql);
            Assert.True(answer.ExitCode == 0, $"{block.Place}: {sql}\n{answer.Error}");
            Assert.True(answer.Out.Count('\n') > 1, $"{block.Place}: {sql}\nfinds nothing.");
        }
    }
}
