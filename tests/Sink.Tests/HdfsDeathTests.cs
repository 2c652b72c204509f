using Banking.Lake.Hdfs;
using Banking.Lake.Tables;
using Banking.Servers;
using Banking.Sink.Tests.Store.WebHdfs;
using Banking.Sink.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests;

/// <summary>
/// A real HDFS whose nodes die, connections that are cut, owners that stand still: afterwards every event is in its table once.
/// </summary>
[Collection(RealServers.Killed)]
public sealed class HdfsDeathTests : IAsyncDisposable
{
    private static readonly string[] Tables = [.. LakeTables.All.Select(table => table.Name)];
    private readonly SinkFixture _fixture = new();
    private readonly RandomEvents _events;
    private HdfsFolder? _folder;
    private WebHdfsLakeStore? _store;

    public HdfsDeathTests() => _events = new RandomEvents(new Random(4), _fixture.Log);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        _store?.Dispose();
        if (_folder is not null) await _folder.DisposeAsync();
    }

    [Fact]
    public async Task Sink_WhenConnectionsAreCutAfterTheirRenamesWereDone_ThenEveryEventIsInTheLakeOnce()
    {
        var node = await RealServers.WebHdfs();
        await using var proxy = new TcpProxy(new Uri(node).Authority);
        Open(node, proxy.Authority);
        _events.Add(200);
        var sink = await _fixture.OpenAsync();
        proxy.CutAnswersTo("?op=RENAME", 9);

        await sink.DrainAsync();

        Assert.Equal(0, proxy.CutsLeft);
        await AssertExactlyOnce();
    }

    [Fact]
    public async Task Sink_WhenAnOwnerStandsStillBeforeItsRenameAndGoesOnLater_ThenEveryEventIsInTheLakeOnce()
    {
        Open(await RealServers.WebHdfs());
        _events.Add(100);
        var gate = new GatedStore(_store!);
        var zombie = await _fixture.OpenAsync(gate);
        var late = zombie.DrainAsync();
        await gate.Stands.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Token);
        _events.Add(50);

        await (await _fixture.OpenAsync()).DrainAsync();
        gate.GoOn();
        await late;

        await AssertExactlyOnce();
        Assert.Empty(await _folder!.Files("_staging"));
    }

    [Fact]
    public async Task Stage_WhenTheDataNodeDiesInTheMiddleOfAFile_ThenThrowsAndTheNextTrySucceeds()
    {
        var stack = await RealServers.Mortal("hdfs");
        Open(stack.WebHdfs);

        var failure = await Assert.ThrowsAnyAsync<IOException>(() => _store!.StageAsync("_staging/a", WriteAndKill, Token));
        var left = await _folder!.Files("_staging");
        await stack.Start("hdfs");
        await Eventually.True(TryStage, "the file is staged");
        Assert.True(await _store!.CommitAsync("_staging/b", "t/f", Token));

        Assert.Contains("_staging/a", failure.Message, StringComparison.Ordinal);
        Assert.Empty(left);
        Assert.Equal(["t/f"], await _folder.Files("t"));

        async Task WriteAndKill(Stream stream, CancellationToken token)
        {
            await stream.WriteAsync(new byte[1 << 20], token);
            await stack.Kill("hdfs-datanode");
            for (var i = 0; i < 64; i++) await stream.WriteAsync(new byte[1 << 20], token);
        }

        // The name node may still point to the one that died.
        async Task<bool> TryStage()
        {
            try
            {
                return await _store!.StageAsync(
                    "_staging/b", (stream, token) => stream.WriteAsync(new byte[1000], token).AsTask(), Token) == 1000;
            }
            catch (HdfsAwayException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Sink_WhenTheNameNodeDiesAndComesBack_ThenEveryEventIsInTheLakeOnceAndNothingIsLeft()
    {
        var stack = await RealServers.Mortal("hdfs");
        Open(stack.WebHdfs);
        _fixture.Options.MaxRows = 10;
        _fixture.Options.WaitTimeout = TimeSpan.FromMinutes(2);
        _events.Add(150);
        var sink = await _fixture.OpenAsync(time: TimeProvider.System);
        var draining = sink.DrainAsync();
        await Eventually.True(async () => (await _folder!.Files(Tables[0])).Count > 0, "the first file is in the lake");

        await stack.Kill("hdfs-namenode");
        await Eventually.True(async () => (await sink.StatusAsync()).Failure is not null, "a commit fails");
        await stack.Start("hdfs");
        await draining;

        await AssertExactlyOnce();
        await _fixture.OpenAsync(time: new FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(1)));
        Assert.Empty(await _folder!.Files("_staging"));
    }

    [Fact]
    public async Task Sink_WhenTheFoldersQuotaIsFull_ThenSaysSoAndGoesOnWhenThereIsRoom()
    {
        Open(await RealServers.WebHdfs());
        await _folder!.LimitNames(4);
        _events.Add(50);
        var sink = await _fixture.OpenAsync(time: TimeProvider.System);

        var draining = sink.DrainAsync();
        await Eventually.True(async () => (await sink.StatusAsync()).Failure is not null, "a commit fails");
        var failure = (await sink.StatusAsync()).Failure;
        await _folder.LimitNames(10_000);
        await draining;

        Assert.True(failure!.Contains("The NameSpace quota (directories and files) of directory", StringComparison.Ordinal), failure);
        await AssertExactlyOnce();
    }

    private void Open(string nameNode, string? proxy = null)
    {
        _folder = new HdfsFolder(nameNode, $"/tests/lake-{Guid.NewGuid():N}");
        var root = WebHdfsAddress.Parse(proxy is null ? _folder.Root : _folder.RootAt(proxy));
        _fixture.Store = _store = new WebHdfsLakeStore(root, new WebHdfsOptions { User = HdfsFolder.User }, TimeProvider.System);
        _fixture.Options.MaxRows = 20;
    }

    private async Task AssertExactlyOnce()
    {
        await _folder!.CopyTo(_fixture.Root, Tables);
        await LakeAudit.AssertExactlyOnceAsync(_fixture);
    }
}
