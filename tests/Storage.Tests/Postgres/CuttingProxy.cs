using System.Net;
using System.Net.Sockets;

namespace Banking.Storage.Tests.Postgres;

/// <summary>
/// Stands between a storage and PostgreSQL, and cuts the connection at the moment that a test wants, or silently drops what either side
/// sends: nobody is told then.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    /// <summary>The end of every answer: ReadyForQuery, outside of a transaction.</summary>
    private static readonly byte[] Ready = [(byte)'Z', 0, 0, 0, 5, (byte)'I'];

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint _server;
    private readonly CancellationTokenSource _end = new();
    private readonly List<Task> _connections = [];
    private readonly Task _accepting;
    private volatile Cut _next;
    private volatile bool _isSilent;
    private volatile int _forgotten;
    private int _passing;
    private int _accepted;

    /// <param name="port">PostgreSQL's, on the loopback.</param>
    public CuttingProxy(int port)
    {
        _server = new IPEndPoint(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = Accept();
    }

    private enum Cut
    {
        None,
        BeforeRequest,
        BeforeAnswer,
        Everything,
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The next request never reaches the server.</summary>
    public void CutBeforeNextRequest() => _next = Cut.BeforeRequest;

    /// <summary>The server does what the next request wants; its answer never comes.</summary>
    /// <param name="passing">How many answers pass before.</param>
    public void CutBeforeNextAnswer(int passing = 0) => (_passing, _next) = (passing, Cut.BeforeAnswer);

    /// <summary>Every request from now on finds its connection cut.</summary>
    public void CutEverything() => _next = Cut.Everything;

    /// <summary>From now on nothing arrives, on no connection and no new one; connections stay open.</summary>
    public void DropEverything() => _isSilent = true;

    /// <summary>From now on nothing arrives on the connections that are there, as where a firewall forgot them; new ones work.</summary>
    public void ForgetConnections() => _forgotten = _accepted;

    /// <summary>New connections work; those whose packets were dropped never do again.</summary>
    public void Heal()
    {
        _next = Cut.None;
        if (_isSilent) ForgetConnections();
        _isSilent = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private bool IsDropped(int number) => _isSilent || number <= _forgotten;

    private async Task Accept()
    {
        try
        {
            while (true) _connections.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token), ++_accepted));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The proxy ends.
        }
    }

    private async Task Serve(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, _end.Token);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
                var pumps =
                    new[] { Requests(client.GetStream(), server.GetStream(), number, either.Token),
                        Answers(server.GetStream(), client.GetStream(), number, either.Token) };
                await Task.WhenAny(pumps);
                await either.CancelAsync();
                client.Close();
                server.Close();
                await Task.WhenAll(pumps);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                // Either side went away.
            }
        }
    }

    private async Task Requests(NetworkStream client, NetworkStream server, int number, CancellationToken cancellationToken)
    {
        var buffer = new byte[65_536];
        int count;
        while ((count = await client.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (IsDropped(number)) continue;
            if (_next is Cut.Everything) return;
            if (_next is Cut.BeforeRequest)
            {
                _next = Cut.None;
                return;
            }

            await server.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }

    private async Task Answers(NetworkStream server, NetworkStream client, int number, CancellationToken cancellationToken)
    {
        var buffer = new byte[65_536];
        int count;
        while ((count = await server.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (IsDropped(number)) continue;
            if (_next is Cut.BeforeAnswer)
            {
                var isWhole = buffer.AsSpan(0, count).EndsWith(Ready);
                if (_passing == 0)
                {
                    if (!isWhole) continue;
                    _next = Cut.None;
                    return;
                }

                if (isWhole) _passing--;
            }

            await client.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
        }
    }
}
