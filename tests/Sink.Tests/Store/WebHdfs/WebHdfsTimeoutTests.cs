using Banking.Lake.Hdfs;
using Banking.Sink.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>What the store waits for, what it tries again, and what it says when that was in vain.</summary>
public sealed class WebHdfsTimeoutTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FakeFiles _files = new();
    private readonly FakeHdfs _first;
    private readonly FakeHdfs _second;

    public WebHdfsTimeoutTests() => (_first, _second) = (new FakeHdfs(_files), new FakeHdfs(_files));

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Fact]
    public async Task StageAsync_WhenANameNodeNeverAnswers_ThenAsksTheOtherAfterItsTime()
    {
        using var store = Store(_first, _second);
        _first.Faults.Enqueue(("CREATE", Fault.Hang));

        await RunAsync(StageAsync(store));

        Assert.Equal([1, 2], _files.Read("/lake/_staging/a"));
        Assert.Equal("CREATE", _second.Calls.First().Operation);
    }

    [Fact]
    public async Task StageAsync_WhenTheOnlyNameNodeNeverAnswers_ThenGivesUpAndSaysHowLongItWaited()
    {
        using var store = Store(_first);
        for (var i = 0; i < 20; i++) _first.Faults.Enqueue(("GETFILESTATUS", Fault.Hang));

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => RunAsync(StageAsync(store)));

        Assert.Equal($"GETFILESTATUS /lake/_staging/a at {_first.Authority}: no answer within 00:00:10.", failure.Message);
    }

    [Fact]
    public async Task CommitAsync_WhenTheNameNodeNeverAnswersTheRename_ThenFindsOutAndAsksAgain()
    {
        using var store = Store(_first);
        await RunAsync(StageAsync(store));
        _first.Faults.Enqueue(("RENAME", Fault.Hang));

        await RunAsync(store.CommitAsync("_staging/a", "t/f", Token));

        Assert.Equal(["/lake/t/f"], _files.Paths);
    }

    [Fact]
    public async Task StageAsync_WhenTheDataNodeNeverAnswers_ThenThrowsAndLeavesNothing()
    {
        using var store = Store(_first);
        _first.Faults.Enqueue(("DATA", Fault.Hang));

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => RunAsync(StageAsync(store)));

        Assert.EndsWith("no answer within 00:02:00.", failure.Message, StringComparison.Ordinal);
        Assert.Empty(_files.Paths);
    }

    [Fact]
    public async Task StageAsync_WhenTheNameNodeIsInSafeMode_ThenWaitsUntilItIsNot()
    {
        using var store = Store(_first);
        for (var i = 0; i < 3; i++) _first.Faults.Enqueue(("CREATE", Fault.SafeMode));

        await RunAsync(StageAsync(store));

        Assert.Equal([1, 2], _files.Read("/lake/_staging/a"));
    }

    [Fact]
    public async Task StageAsync_WhenThereIsNoRoom_ThenThrowsTheSentenceOfHdfs()
    {
        using var store = Store(_first);
        _first.Faults.Enqueue(("DATA", Fault.FullDisk));

        var failure = await Assert.ThrowsAsync<HdfsException>(() => RunAsync(StageAsync(store)));

        Assert.EndsWith(
            "The DiskSpace quota of /lake is exceeded: quota = 1 B (DSQuotaExceededException)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StageAsync_WhenHdfsAsksForKerberosAndGetsNone_ThenSaysSo()
    {
        using var store = Store(_first);
        _first.Faults.Enqueue(("GETFILESTATUS", Fault.Negotiate));

        var failure = await Assert.ThrowsAsync<HdfsException>(() => RunAsync(StageAsync(store)));

        Assert.Contains("HDFS asks for Kerberos and got no ticket that it takes", failure.Message, StringComparison.Ordinal);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private WebHdfsLakeStore Store(params FakeHdfs[] nodes) =>
        new(WebHdfsAddress.Parse($"webhdfs://{string.Join(',', nodes.Select(node => node.Authority))}/lake"), new WebHdfsOptions(), _time);

    private Task RunAsync(Task work) => new[] { _time }.RunUntilAsync(work);

    private static Task<long> StageAsync(WebHdfsLakeStore store) =>
        store.StageAsync("_staging/a", (stream, token) => stream.WriteAsync(new byte[] { 1, 2 }, token).AsTask(), Token);
}
