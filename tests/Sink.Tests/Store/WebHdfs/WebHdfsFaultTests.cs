using Banking.Lake.Hdfs;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>What the store makes of nodes that fail.</summary>
public sealed class WebHdfsFaultTests : IAsyncDisposable
{
    private static readonly byte[] Bytes = [1, 2, 3, 4];
    private readonly FakeFiles _files = new();
    private readonly FakeHdfs _first;
    private readonly FakeHdfs _second;
    private readonly WebHdfsLakeStore _store;

    public WebHdfsFaultTests()
    {
        (_first, _second) = (new FakeHdfs(_files), new FakeHdfs(_files));
        _store = Store(new WebHdfsOptions(), _first, _second);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _store.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task StageAsync_WhenANameNodeIsOnStandby_ThenAsksTheOtherAndStaysWithIt()
    {
        _first.Faults.Enqueue(("CREATE", Fault.Standby));

        await StageAsync(_store);

        Assert.Equal(["GETFILESTATUS", "CREATE"], _first.Calls.Select(call => call.Operation));
        Assert.Equal(Bytes, _files.Read("/lake/_staging/a"));
    }

    [Fact]
    public async Task StageAsync_WhenTheOnlyNameNodeIsStarting_ThenTriesAgain()
    {
        using var store = Store(new WebHdfsOptions(), _first);
        _first.Faults.Enqueue(("CREATE", Fault.Retriable));
        _first.Faults.Enqueue(("CREATE", Fault.Retriable));

        Assert.Equal(4, await StageAsync(store));
    }

    [Fact]
    public async Task StageAsync_Always_SendsTheBodyOnlyToTheDataNode()
    {
        await StageAsync(_store);

        Assert.Equal([("GETFILESTATUS", 0), ("CREATE", 0), ("DATA", 4)], _first.Calls.Take(3).Select(call => (call.Operation, call.Body)));
    }

    [Fact]
    public async Task StageAsync_WhenTheDataNodeKeepsAPart_ThenThrowsAndLeavesNothing()
    {
        _first.Faults.Enqueue(("DATA", Fault.KeepHalf));

        var failure = await Assert.ThrowsAsync<IOException>(() => StageAsync(_store));

        Assert.Contains("2 bytes of the 4", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_files.Paths);
    }

    [Fact]
    public async Task StageAsync_WhenTheDataNodeCutsTheConnection_ThenThrowsAndLeavesNothing()
    {
        _first.Faults.Enqueue(("DATA", Fault.CutBefore));

        await Assert.ThrowsAnyAsync<IOException>(() => StageAsync(_store));

        Assert.Empty(_files.Paths);
    }

    [Theory]
    [InlineData(nameof(Fault.CutAfter))]
    [InlineData(nameof(Fault.CutBefore))]
    [InlineData(nameof(Fault.Standby))]
    [InlineData(nameof(Fault.Retriable))]
    public async Task CommitAsync_WhenTheAnswerToTheRenameIsNone_ThenFindsOutAndSucceeds(string fault)
    {
        await StageAsync(_store);
        _first.Faults.Enqueue(("RENAME", Enum.Parse<Fault>(fault)));

        Assert.True(await _store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal(["/lake/t/f"], _files.Paths);
        Assert.Equal(Bytes, _files.Read("/lake/t/f"));
    }

    [Fact]
    public async Task CommitAsync_WhenAnotherOwnersRenameCameFirstAndTheAnswerIsLost_ThenIsFalse()
    {
        await StageAsync(_store);
        _first.Faults.Enqueue(("RENAME", Fault.AnotherWins));

        Assert.False(await _store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal([9], _files.Read("/lake/t/f"));
        Assert.Equal(Bytes, _files.Read("/lake/_staging/a"));
    }

    [Fact]
    public async Task CommitAsync_WhenTheAnswerIsLostAndTheServerTellsNoIds_ThenThrowsAsNothingIsProved()
    {
        await using var httpFs = new FakeHdfs(_files) { IsHttpFs = true };
        using var store = Store(new WebHdfsOptions(), httpFs);
        await StageAsync(store);
        httpFs.Faults.Enqueue(("RENAME", Fault.CutAfter));

        await Assert.ThrowsAsync<IOException>(() => store.CommitAsync("_staging/a", "t/f", Token));
    }

    [Fact]
    public async Task CommitAsync_WhenHttpFsAnswersFalseForATakenTarget_ThenIsFalse()
    {
        await using var httpFs = new FakeHdfs(_files) { IsHttpFs = true };
        using var store = Store(new WebHdfsOptions(), httpFs);
        _files.Write("/lake/t/f", [9]);
        await StageAsync(store);

        Assert.False(await store.CommitAsync("_staging/a", "t/f", Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ListAsync_WhenAFolderIsOfManyPages_ThenNamesAll(bool isHttpFs)
    {
        await using var node = new FakeHdfs(_files) { IsHttpFs = isHttpFs };
        using var store = Store(new WebHdfsOptions(), node);
        for (var i = 0; i < 5; i++) _files.Write($"/lake/t/{i}", Bytes);

        Assert.Equal(["0", "1", "2", "3", "4"], await NamesAsync(store));
    }

    [Fact]
    public async Task ListAsync_WhenSomethingElseAnswers404_ThenThrowsAndIsNoEmptyLake()
    {
        _first.Faults.Enqueue(("LISTSTATUS_BATCH", Fault.StrangePage));

        await Assert.ThrowsAsync<HdfsException>(() => NamesAsync(_store));
    }

    [Fact]
    public async Task ListAsync_WhenNoNameNodeListens_ThenThrowsWithoutTheToken()
    {
        await _first.DisposeAsync();
        using var store = Store(new WebHdfsOptions { DelegationToken = "secret" }, _first);

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => NamesAsync(store));

        Assert.Contains(_first.Authority, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListAsync_WhenThereIsAToken_ThenTheNameNodeGetsIt()
    {
        using var store = Store(new WebHdfsOptions { DelegationToken = "a+b" }, _first);

        await NamesAsync(store);

        Assert.Contains("&delegation=a%2Bb", _first.Calls.Single().Query, StringComparison.Ordinal);
    }

    private static WebHdfsLakeStore Store(WebHdfsOptions options, params FakeHdfs[] nodes) => new(
        WebHdfsAddress.Parse($"webhdfs://{string.Join(',', nodes.Select(node => node.Authority))}/lake"),
        options with { RetryDelay = TimeSpan.FromMilliseconds(1) },
        TimeProvider.System);

    private static Task<long> StageAsync(WebHdfsLakeStore store) =>
        store.StageAsync("_staging/a", (stream, token) => stream.WriteAsync(Bytes, token).AsTask(), Token);

    private static async Task<List<string>> NamesAsync(WebHdfsLakeStore store)
    {
        var names = new List<string>();
        await foreach (var entry in store.ListAsync("t", Token)) names.Add(entry.Name);
        return names;
    }
}
