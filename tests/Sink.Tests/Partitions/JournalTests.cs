using Banking.Lake.Hdfs;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Store.WebHdfs;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Partitions;

/// <summary>A name node shows a rename before its journal has it. A sink must build nothing on that.</summary>
public sealed class JournalTests : IAsyncDisposable
{
    private const string Elsewhere = "/lake/_staging/elsewhere";
    private readonly FakeFiles _files = new();
    private readonly FakeHdfs _node;
    private readonly WebHdfsLakeStore _store;
    private readonly SinkFixture _fixture = new();

    public JournalTests()
    {
        _node = new FakeHdfs(_files);
        var options = new WebHdfsOptions { RetryDelay = TimeSpan.FromMilliseconds(1) };
        _store = new WebHdfsLakeStore(WebHdfsAddress.Parse($"webhdfs://{_node.Authority}/lake"), options, TimeProvider.System);
        _fixture.Store = _store;
    }

    public async ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        _store.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task OpenAsync_WhenTheNewestFileIsLostWithTheNameNodeThatShowedIt_ThenItsRowsAreWrittenAgain()
    {
        await WriteAFileThatTheJournalLacks();
        _node.Faults.Enqueue(("SETTIMES", Fault.Crash));

        var sink = await _fixture.OpenAsync();

        Assert.Empty(Files);
        await sink.DrainAsync();
        Assert.Single(Files);
    }

    [Fact]
    public async Task OpenAsync_WhenTheNameNodeLives_ThenTheNewestFileIsInItsJournalAfterwards()
    {
        await WriteAFileThatTheJournalLacks();
        var file = Assert.Single(Files);
        var bytes = _files.Read(file);

        var sink = await _fixture.OpenAsync();
        _files.Crash();
        await sink.DrainAsync();

        Assert.Equal(file, Assert.Single(Files));
        Assert.Equal(bytes, _files.Read(file));
    }

    [Fact]
    public async Task CommitAsync_WhenTheRenameIsLostWithTheNameNodeThatShowedIt_ThenThrowsAndIsNotTakenForDone()
    {
        await _store.StageAsync("_staging/a", (stream, token) => stream.WriteAsync(new byte[4], token).AsTask(), Token);
        _node.Faults.Enqueue(("RENAME", Fault.CutAfter));
        _node.Faults.Enqueue(("SETTIMES", Fault.Crash));

        await Assert.ThrowsAsync<IOException>(() => _store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal(["/lake/_staging/a"], _files.Paths);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private IEnumerable<string> Files => _files.Paths
        .Where(path => path.StartsWith($"/lake/{LakeTables.All[0].Name}/", StringComparison.Ordinal));

    // As an owner does that is cut off, with its name node, between the rename and its answer.
    private async Task WriteAFileThatTheJournalLacks()
    {
        for (var i = 0; i < 10; i++) _fixture.Log.Add(Json.Inquiry(), Json.Noon);
        var owner = await _fixture.OpenAsync();
        await owner.DrainAsync();
        await owner.KillAsync();
        var file = Assert.Single(Files);
        _files.Rename(file, Elsewhere);
        _files.Sync();
        _files.Rename(Elsewhere, file);
    }
}
