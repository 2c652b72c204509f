using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Banking.Sink.Tests.Store.WebHdfs;

/// <summary>
/// Stands between a client and a server, and may cut their connection when the server has done what the client asked for. With a
/// certificate, clients talk TLS to it.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly DnsEndPoint _server;
    private readonly X509Certificate2? _certificate;
    private readonly Task _accepting;
    private int _connection;
    private int _silentBelow;
    private long _passes = long.MaxValue;
    private string _cutAt = "";
    private int _cuts;

    public TcpProxy(string server, X509Certificate2? certificate = null)
    {
        var uri = new Uri($"http://{server}");
        _server = new DnsEndPoint(uri.Host, uri.Port);
        _certificate = certificate;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Authority => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many answers are still to be kept back.</summary>
    public int CutsLeft => Math.Max(0, Volatile.Read(ref _cuts));

    /// <summary>Keeps back the answers to the next requests whose heads have this text, and cuts their connections.</summary>
    public void CutAnswersTo(string text, int count)
    {
        _cutAt = text;
        Volatile.Write(ref _cuts, count);
    }

    /// <summary>
    /// Passes nothing on any more, either way, through connections that stand, and keeps them open, as where packets are dropped. New ones
    /// are served.
    /// </summary>
    public void SilenceOpen() => Volatile.Write(ref _silentBelow, Volatile.Read(ref _connection) + 1);

    /// <summary>
    /// Passes so many bytes more, of all connections and either way, and then nothing through any connection, new ones too.
    /// </summary>
    public void SilenceAfter(long bytes) => Interlocked.Exchange(ref _passes, bytes);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _closing.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_closing.Token)));
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        using var owned = client;
        using var server = new TcpClient();
        var answerIsKept = false;
        var number = Interlocked.Increment(ref _connection);
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, ended.Token);
            await using var near = await OpenAsync(client, ended.Token);
            await using var far = server.GetStream();
            var asking = PumpAsync(near, far, Watch, IsSilent, ended.Token);
            await Task.WhenAny(asking, PumpAsync(far, near, _ => !answerIsKept, IsSilent, ended.Token));
            await ended.CancelAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // An end went, as is to be expected here.
        }

        bool IsSilent(int bytes) => number < Volatile.Read(ref _silentBelow) || Interlocked.Add(ref _passes, -bytes) < 0;

        bool Watch(ReadOnlyMemory<byte> request)
        {
            if (CutsLeft > 0 && Encoding.ASCII.GetString(request.Span).Contains(_cutAt, StringComparison.Ordinal))
            {
                answerIsKept |= Interlocked.Decrement(ref _cuts) >= 0;
            }
            return true;
        }
    }

    private async Task<Stream> OpenAsync(TcpClient client, CancellationToken cancellationToken)
    {
        if (_certificate is null) return client.GetStream();
        var stream = new SslStream(client.GetStream());
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, cancellationToken);
        return stream;
    }

    /// <summary>Returns when one end goes, or when what came is not to be passed on.</summary>
    private static async Task PumpAsync(
        Stream from, Stream to, Func<ReadOnlyMemory<byte>, bool> isPassed, Func<int, bool> isSilent, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var count && isPassed(buffer.AsMemory(0, count)))
        {
            if (isSilent(count)) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }
}
