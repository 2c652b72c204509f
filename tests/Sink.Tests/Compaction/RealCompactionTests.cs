using System.Text.Json;
using Banking.Lake;
using Banking.Lake.Days;
using Banking.Lake.Files;
using Banking.Lake.Hdfs;
using Banking.Lake.Hive;
using Banking.Lake.Tables;
using Banking.Servers;
using Banking.Sink.Catalog;
using Banking.Sink.Compaction;
using Banking.Sink.Diagnostics;
using Banking.Sink.Settings;
using Banking.Sink.Tests.Catalog.Hive;
using Banking.Sink.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Banking.Sink.Tests.Compaction;

/// <summary>The whole way on a real HDFS, a real metastore and a real Presto, which counts rows all the time.</summary>
public sealed class RealCompactionTests : IAsyncLifetime
{
    private static readonly LakeTable Table = LakeTables.CashTransactions;
    private static readonly DateOnly Day = new(2026, 11, 23);
    private readonly SinkFixture _sink = new();
    private readonly CompactionOptions _options = new() { Grace = TimeSpan.Zero };
    private HiveDatabase? _database;
    private HiveLakeCatalog? _catalog;
    private WebHdfsLakeStore? _store;
    private Uri? _presto;
    private long _sequence;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _presto = new Uri(await RealServers.Presto());
        _database = await HiveDatabase.OpenAsync();
        _catalog = _database.Catalog();
        var node = new Uri(await RealServers.WebHdfs());
        _store = new WebHdfsLakeStore(
            WebHdfsAddress.Parse($"webhdfs://{node.Authority}{_database.Root}"), new WebHdfsOptions { User = "bank" }, TimeProvider.System);
        _sink.Store = _store;
        _sink.Time.Advance(TimeSpan.FromDays(1));
    }

    public async ValueTask DisposeAsync()
    {
        _sink.Dispose();
        _store?.Dispose();
        _catalog?.Dispose();
        if (_database is not null) await _database.DisposeAsync();
    }

    [Fact]
    public async Task Compact_WhenQueriesCountAllTheTime_ThenTheyNeverSeeARowTwiceOrMissOne()
    {
        await AddFilesAsync(6);
        await _catalog!.EnsureDatabaseAsync(Token);
        await _catalog.EnsureTableAsync(Table, Token);
        await _catalog.AddPartitionsAsync(Table, [Day], Token);
        using var done = new CancellationTokenSource();
        var counting = CountAsync(done.Token);

        for (var round = 0; round < 3; round++)
        {
            var draft = await new DayCompaction(_store!, _catalog, _options, _sink.Time, _ => { }).RunAsync(Table, Day, Token);
            await AddFilesAsync(2);
            Assert.True(await Shelf().SwitchAsync(draft!, Token));
            await AddFilesAsync(1);
            Assert.True(await Shelf().PublishAsync(Table, Day, Token));
        }

        await done.CancelAsync();
        var counts = await counting;
        Assert.Equal(_sequence, (await CountOnceAsync()).Rows);
        Assert.True(counts.Count > 3);
        Assert.Equal(counts.Order(), counts);

        // What is cleaned up may not be missed either: by a query, or by the next owner.
        using var encoder = new ParquetEncoder(100);
        Assert.True(
            await new DayCleaning(
                _store!, _catalog, encoder, _options, new GraceWatch(_sink.Time), _sink.Time).RunAsync(Table, Day, Token) > 0);
        for (var sequence = 1; sequence <= _sequence; sequence++) _sink.Log.Add(Json.Deposit("a", sequence), Json.Noon);
        await AddFilesAsync(1);
        await Shelf().PublishAsync(Table, Day, Token);
        Assert.Equal(_sequence, (await CountOnceAsync()).Rows);
    }

    [Fact]
    public async Task Compare_WhenTheMetastoreLostOrTookBackWhatItKnew_ThenPrestoSeesEveryRowOnceAgain()
    {
        using var provider = new ServiceCollection().AddMetrics().BuildServiceProvider();
        using var metrics = new CatalogMetrics(provider.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
        using var sync = new CatalogSync(
            _store!, _catalog!, metrics, Options.Create(new LakeSinkOptions()), _sink.Time, NullLogger<CatalogSync>.Instance);
        using var encoder = new ParquetEncoder(100);
        for (var life = 0; life < 3; life++) await AddFilesAsync(2);
        Assert.Null(await sync.FlushAsync(Token));
        var draft = (await new DayCompaction(_store!, _catalog!, _options, _sink.Time, _ => { }).RunAsync(Table, Day, Token))!;
        Assert.Null(await sync.SwitchAsync(new LakeDay(Table.Name, Day), 0, draft.Id, Token));
        Assert.True(
            await new DayCleaning(
                _store!, _catalog!, encoder, _options, new GraceWatch(_sink.Time), _sink.Time).RunAsync(Table, Day, Token) > 0);
        Assert.Equal((_sequence, _sequence), await CountOnceAsync());

        await _database!.DropPartitionAsync(Table.Name, "2026-11-23");
        await AssertPutRightAsync();
        await _database.DropTableAsync(Table.Name);
        await AssertPutRightAsync();

        // As an older backup has it.
        await _catalog!.AlterLocationAsync(Table, Day, LakePath.DayFolder(Table, Day), new Dictionary<string, string>(), Token);
        await AssertPutRightAsync();
        await _catalog.AlterLocationAsync(
            Table, Day, CompactionPath.GenerationFolder(Table, Day, 1, Guid.NewGuid()), new Dictionary<string, string>(), Token);
        await AssertPutRightAsync();

        async Task AssertPutRightAsync()
        {
            await AddFilesAsync(1);
            Assert.Null(await sync.FlushAsync(Token));
            Assert.Equal((_sequence, _sequence), await CountOnceAsync());
        }
    }

    private DayShelf Shelf() => new(_store!, _catalog!, _sink.Time);

    private async Task AddFilesAsync(int files)
    {
        var sink = await _sink.OpenAsync();
        for (var i = 0; i < files; i++)
        {
            for (var row = 0; row < 5; row++) _sink.Log.Add(Json.Deposit("a", ++_sequence), Json.Noon);
            await sink.DrainAsync();
        }

        await sink.CloseAsync();
    }

    private async Task<List<long>> CountAsync(CancellationToken done)
    {
        var counts = new List<long>();
        while (!done.IsCancellationRequested)
        {
            var (rows, distinct) = await CountOnceAsync();
            Assert.Equal(distinct, rows);
            counts.Add(rows);
        }

        return counts;
    }

    private async Task<(long Rows, long Distinct)> CountOnceAsync()
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_presto!, "/v1/statement"))
        {
            Content = new StringContent("select count(*), count(distinct sequence_number) from cash_transactions where dt = '2026-11-23'"),
        };
        foreach (var (name, value) in new[] { ("User", "test"), ("Catalog", "hive"), ("Schema", _database!.Name) })
        {
            request.Headers.Add("X-Presto-" + name, value);
        }
        var response = await http.SendAsync(request, Token);
        (long, long)? answer = null;
        while (true)
        {
            response.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Token));
            if (json.RootElement.TryGetProperty("error", out var error)) Assert.Fail(error.GetProperty("message").GetString());
            if (json.RootElement.TryGetProperty("data", out var rows)) answer = (rows[0][0].GetInt64(), rows[0][1].GetInt64());
            if (!json.RootElement.TryGetProperty("nextUri", out var next))
            {
                return answer ?? throw new InvalidOperationException("Presto gave no row.");
            }
            response = await http.GetAsync(new Uri(next.GetString()!), Token);
        }
    }
}
