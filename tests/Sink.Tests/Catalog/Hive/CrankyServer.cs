using System.Net;
using System.Net.Sockets;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>What a metastore does with a connection.</summary>
internal enum Mood
{
    /// <summary>Takes everything and answers nothing.</summary>
    Hang,

    /// <summary>Ends the connection with the first byte of a call.</summary>
    Cut,

    /// <summary>Answers with what is no Thrift.</summary>
    Babble,

    /// <summary>Hands everything on to a real one, a call a connection: the second call on it is cut.</summary>
    OneCall,
}

/// <summary>A metastore that is not well.</summary>
internal sealed class CrankyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Mood _mood;
    private readonly IPEndPoint? _real;
    private readonly Task _serving;

    /// <param name="real"><c>host:port</c>, where the mood hands on.</param>
    public CrankyServer(Mood mood, (string Host, int Port)? real = null)
    {
        _mood = mood;
        _real = real is { } r ? new IPEndPoint(Dns.GetHostAddresses(r.Host, AddressFamily.InterNetwork)[0], r.Port) : null;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // Only then: whoever has just taken a client would ask a listener for the next one that listens no more.
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var clients = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Connections++;
                clients.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException && _stop.IsCancellationRequested)
        {
        }

        await Task.WhenAll(clients);
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var buffer = new byte[64 * 1024];
                var stream = client.GetStream();
                var read = await stream.ReadAsync(buffer, _stop.Token);
                if (_mood == Mood.Cut) return;
                if (_mood == Mood.Babble) await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), _stop.Token);
                if (_mood == Mood.OneCall)
                {
                    await HandOnAsync(stream, buffer, read);
                    return;
                }

                while (await stream.ReadAsync(buffer, _stop.Token) > 0)
                {
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }

    private async Task HandOnAsync(NetworkStream client, byte[] buffer, int length)
    {
        using var real = new TcpClient();
        await real.ConnectAsync(_real!, _stop.Token);
        var server = real.GetStream();
        var answered = false;
        var answering = AnswerAsync();
        while (length > 0 && !answered)
        {
            await server.WriteAsync(buffer.AsMemory(0, length), _stop.Token);
            length = await client.ReadAsync(buffer, _stop.Token);
        }

        // The client has its answer and calls again: the connection is cut after that was sent.
        real.Close();
        await answering;

        async Task AnswerAsync()
        {
            var answer = new byte[64 * 1024];
            try
            {
                while (await server.ReadAsync(answer, _stop.Token) is var read and > 0)
                {
                    answered = true;
                    await client.WriteAsync(answer.AsMemory(0, read), _stop.Token);
                }
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
            {
            }
        }
    }
}
