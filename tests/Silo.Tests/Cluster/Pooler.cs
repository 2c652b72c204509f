using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Banking.Silo.Tests.Cluster;

/// <summary>
/// Stands before PostgreSQL as PgBouncer in session mode does: it takes the parameters of a connection that PgBouncer knows by default,
/// and refuses the others in its words.
/// </summary>
internal sealed class Pooler : IAsyncDisposable
{
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    // PgBouncer's documentation of ignore_startup_parameters.
    private static readonly string[] Known =
        ["user", "database", "client_encoding", "datestyle", "timezone", "standard_conforming_strings", "application_name"];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly int _server;
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;

    /// <param name="server">PostgreSQL's port on the loopback.</param>
    public Pooler(int server)
    {
        _server = server;
        _listener.Start();
        _accepting = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _connections.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task Serve(TcpClient accepted)
    {
        using var client = accepted;
        var stream = client.GetStream();
        var startup = await ReadStartup(stream);
        while (BinaryPrimitives.ReadInt32BigEndian(startup.AsSpan(4)) is SslRequest or GssRequest)
        {
            await stream.WriteAsync("N"u8.ToArray(), _end.Token);
            startup = await ReadStartup(stream);
        }

        var words = Encoding.UTF8.GetString(startup.AsSpan(8)).Split('\0');
        for (var i = 0; i < words.Length - 1 && words[i].Length > 0; i += 2)
        {
            if (Known.Contains(words[i].ToLowerInvariant())) continue;
            await stream.WriteAsync(Refusal(words[i]), _end.Token);
            return;
        }

        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
        await server.GetStream().WriteAsync(startup, _end.Token);
        await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _end.Token), server.GetStream().CopyToAsync(stream, _end.Token));
    }

    private async Task<byte[]> ReadStartup(NetworkStream stream)
    {
        var length = new byte[4];
        await stream.ReadExactlyAsync(length, _end.Token);
        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        length.CopyTo(message, 0);
        await stream.ReadExactlyAsync(message.AsMemory(4), _end.Token);
        return message;
    }

    private static byte[] Refusal(string parameter)
    {
        var fields = Encoding.UTF8.GetBytes($"SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: {parameter}\0\0");
        var message = new byte[5 + fields.Length];
        message[0] = (byte)'E';
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + fields.Length);
        fields.CopyTo(message, 5);
        return message;
    }
}
