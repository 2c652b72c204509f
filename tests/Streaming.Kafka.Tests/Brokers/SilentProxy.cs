using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Banking.Streaming.Kafka.Tests.Brokers;

/// <summary>
/// Stands between clients and one broker, and may swallow all that comes from either side: connections stay open, new ones are taken, and
/// nothing is answered. The broker's
/// own address in its answers is replaced by this one's, so that clients stay here. Disposing ends all connections.
/// </summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _closing = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly IPEndPoint _broker;
    private readonly byte[] _brokerAddress;
    private readonly byte[] _ownAddress;
    private readonly Task _accepting;
    private volatile bool _isSilent;

    /// <param name="broker">Its address as it gives it to clients, <c>127.0.0.1:port</c>.</param>
    public SilentProxy(string broker)
    {
        _broker = IPEndPoint.Parse(broker);
        _listener.Start();
        (_brokerAddress, _ownAddress) = (Address(_broker.Port), Address(((IPEndPoint)_listener.LocalEndpoint).Port));
        _accepting = AcceptAsync();
    }

    public string BootstrapServers => _listener.LocalEndpoint.ToString()!;

    public void Silence() => _isSilent = true;

    /// <summary>What comes from here on is passed; what was swallowed stays so.</summary>
    public void Resume() => _isSilent = false;

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
        try
        {
            await server.ConnectAsync(_broker, ended.Token);
            await Task.WhenAny(
                PumpAsync(client.GetStream(), server.GetStream(), ended.Token),
                PumpAsync(server.GetStream(), client.GetStream(), ended.Token));
            await ended.CancelAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // An end went, as is to be expected here.
        }
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var count)
        {
            if (_isSilent) continue;
            Readdress(buffer.AsSpan(0, count));
            await to.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }

    private void Readdress(Span<byte> bytes)
    {
        for (var at = bytes.IndexOf(_brokerAddress); at >= 0; at = bytes.IndexOf(_brokerAddress)) _ownAddress.CopyTo(bytes[at..]);
    }

    /// <summary>As brokers write it: the host, and four bytes for the port.</summary>
    private static byte[] Address(int port)
    {
        byte[] address = [.. "127.0.0.1"u8, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(address.AsSpan()[^4..], port);
        return address;
    }
}
