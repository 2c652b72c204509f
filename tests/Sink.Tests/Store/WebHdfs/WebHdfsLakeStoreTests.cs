using Banking.Servers;
using Banking.Sink.Store;
using Banking.Sink.Store.WebHdfs;
using Banking.Sink.Tables;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>The store on a real HDFS.</summary>
public sealed class WebHdfsLakeStoreTests : LakeStoreContract, IAsyncLifetime
{
    private readonly string _folder = $"tests/lake {Guid.NewGuid():N} äöü%";
    private WebHdfsLakeStore? _store;

    protected override ILakeStore Store => _store!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var node = new Uri(await RealServers.WebHdfs());
        _store = new WebHdfsLakeStore(
            WebHdfsAddress.Parse($"webhdfs://{node.Authority}/{_folder}"), new WebHdfsOptions { User = "bank", ReadWindow = 50_000 }, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is null) return;
        _store.Dispose();
        using var http = new HttpClient();
        await http.DeleteAsync(new Uri(new Uri(await RealServers.WebHdfs()), $"webhdfs/v1{HdfsPath.Encode("/" + _folder)}?op=DELETE&recursive=true&user.name=bank"));
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

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("a//b")]
    [InlineData("a?op=DELETE")]
    public async Task DeleteAsync_WhenThePathLeadsElsewhere_ThenThrows(string path) =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.DeleteAsync(path, Token));

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

        foreach (var table in LakeTables.All) await CopyFolderAsync(table.Name, Path.Combine(fixture.Root, table.Name));
        await LakeAudit.AssertExactlyOnceAsync(fixture);
    }

    private async Task CopyFolderAsync(string folder, string target)
    {
        await foreach (var entry in Store.ListAsync(folder, Token))
        {
            Directory.CreateDirectory(target);
            var (path, copy) = ($"{folder}/{entry.Name}", Path.Combine(target, entry.Name));
            if (entry.IsFolder) await CopyFolderAsync(path, copy);
            else await File.WriteAllBytesAsync(copy, await ReadAsync(path), Token);
        }
    }

    private Task<long> StageAsync(string path, byte[] bytes) => Store.StageAsync(path, (stream, token) => stream.WriteAsync(bytes, token).AsTask(), Token);

    private async Task<byte[]> ReadAsync(string path)
    {
        await using var stream = await Store.OpenReadAsync(path, Token);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }
}
