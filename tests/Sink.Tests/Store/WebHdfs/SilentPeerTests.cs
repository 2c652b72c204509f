using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Banking.Lake.Catalog;
using Banking.Lake.Hdfs;
using Banking.Lake.Hive;
using Banking.Servers;
using Banking.Sink.Hosting;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>
/// Peers from which nothing comes any more, their connections open all the same: every wait ends within its bound, with a sentence, and
/// what can go on does.
/// </summary>
public sealed class SilentPeerTests : IAsyncDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);
    private readonly FakeFiles _files = new();
    private readonly FakeHdfs _hdfs;
    private readonly TcpProxy _proxy;

    public SilentPeerTests()
    {
        _hdfs = new FakeHdfs(_files);
        _proxy = new TcpProxy(_hdfs.Authority);
        _hdfs.DataUrl = $"http://{_proxy.Authority}";
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _hdfs.DisposeAsync();
    }

    [Fact]
    public async Task OpenReadAsync_WhenTheBodyStopsInTheMiddle_ThenThrowsInTime()
    {
        _files.Write("/lake/t/f", new byte[4 << 20]);
        using var store = Store(_proxy.Authority);
        _proxy.SilenceAfter(1 << 20);

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => ReadAsync(store).WaitAsync(Bound, TimeProvider.System, Token));

        Assert.Contains("no answer within 00:00:00.5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StageAsync_WhenTheUploadIsTakenNoMore_ThenThrowsInTime()
    {
        using var store = Store(_proxy.Authority);

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(
            () => store.StageAsync("t/f", WriteAsync, Token).WaitAsync(Bound, TimeProvider.System, Token));

        Assert.Contains("no answer within 00:00:01", failure.Message, StringComparison.Ordinal);

        async Task WriteAsync(Stream stream, CancellationToken token)
        {
            _proxy.SilenceAfter(1 << 20);
            for (var i = 0; i < 64; i++) await stream.WriteAsync(new byte[1 << 20], token);
        }
    }

    [Fact]
    public async Task ListAsync_WhenThePooledConnectionDiedSilently_ThenANewOneAnswers()
    {
        _files.Write("/lake/t/f", [1]);
        using var store = Store(_proxy.Authority);
        Assert.Equal([1], await ReadAsync(store));

        _proxy.SilenceOpen();

        Assert.Equal([1], await ReadAsync(store).WaitAsync(Bound, TimeProvider.System, Token));
    }

    [Fact]
    public async Task ListAsync_WhenNoConnectionStands_ThenThrowsInTime()
    {
        using var deaf = new DeafListener();
        using var store = Store(deaf.Authority);

        var failure = await Assert.ThrowsAsync<HdfsAwayException>(() => ReadAsync(store).WaitAsync(Bound, TimeProvider.System, Token));

        Assert.EndsWith("no connection within 00:00:00.3000000.", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Metastore_WhenNoConnectionStands_ThenThrowsInTime()
    {
        using var deaf = new DeafListener();
        using var catalog = Catalog(new MetastoreAddress("127.0.0.1", deaf.Port));

        var failure = await Assert.ThrowsAsync<CatalogException>(
            () => catalog.EnsureDatabaseAsync(Token).WaitAsync(Bound, TimeProvider.System, Token));

        Assert.EndsWith("no connection within 0.3 s", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.IsAway);
    }

    [Fact]
    public async Task Metastore_WhenItsConnectionDiedSilently_ThenTheCallIsMadeOnANewOne()
    {
        await using var proxy = new TcpProxy(await RealServers.Metastore());
        using var catalog = Catalog(MetastoreAddress.TryParse("thrift://" + proxy.Authority)![0]);
        await catalog.EnsureDatabaseAsync(Token);
        proxy.SilenceOpen();
        var started = Stopwatch.GetTimestamp();

        await catalog.EnsureDatabaseAsync(Token).WaitAsync(Bound, TimeProvider.System, Token);

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromSeconds(2), Bound);
    }

    private static WebHdfsLakeStore Store(string authority) => new(
        WebHdfsAddress.Parse($"webhdfs://{authority}/lake"),
        new WebHdfsOptions
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(300),
            RequestTimeout = TimeSpan.FromMilliseconds(500),
            UploadTimeout = TimeSpan.FromSeconds(1),
            RetryDelay = TimeSpan.FromMilliseconds(1),
            Retries = 2,
        },
        TimeProvider.System);

    private static HiveLakeCatalog Catalog(MetastoreAddress address) => new(
        new MetastoreConnection(
            [address], new MetastoreTimeouts(TimeSpan.FromMilliseconds(300), TimeSpan.FromSeconds(3)), TimeProvider.System),
        "default",
        LakeCatalogs.LocationOf("webhdfs://localhost/tests/silent", null),
        TimeProvider.System);

    private static async Task<byte[]> ReadAsync(WebHdfsLakeStore store)
    {
        await using var stream = await store.OpenReadAsync("t/f", Token);
        using var memory = new MemoryStream();
        await stream.CopyToAsync(memory, Token);
        return memory.ToArray();
    }

    /// <summary>A port whose queue of connections is full: the system drops the packets of those who knock.</summary>
    private sealed class DeafListener : IDisposable
    {
        private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
        private readonly List<Socket> _waiting = [];

        public DeafListener()
        {
            _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            _listener.Listen(0);
            for (var i = 0; i < 4; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _waiting.Add(socket);
                try
                {
                    socket.Connect(IPAddress.Loopback, Port);
                }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
                {
                    // On its way, for ever for those that find no room.
                }
            }
        }

        public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

        public string Authority => $"127.0.0.1:{Port}";

        public void Dispose()
        {
            foreach (var socket in _waiting) socket.Dispose();
            _listener.Dispose();
        }
    }
}
