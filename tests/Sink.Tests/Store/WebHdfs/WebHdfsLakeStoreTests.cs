using Banking.Lake.Hdfs;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Servers;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>The store on a real HDFS.</summary>
public sealed class WebHdfsLakeStoreTests : LakeStoreContract, IAsyncLifetime
{
    private HdfsFolder? _folder;
    private WebHdfsLakeStore? _store;

    protected override ILakeStore Store => _store!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _folder = new HdfsFolder(await RealServers.WebHdfs(), $"/tests/lake {Guid.NewGuid():N} äöü%");
        _store = new WebHdfsLakeStore(
            WebHdfsAddress.Parse(_folder.Root), new WebHdfsOptions { User = HdfsFolder.User, ReadWindow = 50_000 }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        _store?.Dispose();
        if (_folder is not null) await _folder.DisposeAsync();
    }

    [Fact]
    public async Task CommitAsync_WhenAFolderHasTheTargetsName_ThenThrowsAndKeepsTheStagedFile()
    {
        await StageAsync("_staging/a", [1]);
        await StageAsync("t/f/inside", [2]);

        await Assert.ThrowsAsync<IOException>(() => Store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal([1], await ReadAsync("_staging/a"));
    }

    [Fact]
    public async Task StageAsync_WhenTheFileIsOfManyWindows_ThenIsReadAsItWasWritten()
    {
        var bytes = new byte[300_000];
        new Random(1).NextBytes(bytes);

        await StageAsync("t/a b+c&d=é", bytes);

        Assert.Equal(bytes, await ReadAsync("t/a b+c&d=é"));
    }

    [Fact]
    public async Task Sink_WhenItsOwnersFollowEachOther_ThenEveryEventIsInTheLakeOnce()
    {
        using var fixture = new SinkFixture { Store = Store };
        fixture.Options.MaxRows = 20;
        var events = new RandomEvents(new Random(2), fixture.Log);
        for (var owner = 0; owner < 3; owner++)
        {
            events.Add(60);
            var sink = await fixture.OpenAsync();
            await sink.DrainAsync();
            await sink.KillAsync();
        }

        await _folder!.CopyTo(fixture.Root, LakeTables.All.Select(table => table.Name));
        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private Task<long> StageAsync(string path, byte[] bytes) =>
        Store.StageAsync(path, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), Token);

    private async Task<byte[]> ReadAsync(string path)
    {
        await using var stream = await Store.OpenReadAsync(path, Token);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }
}
