using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Banking.Silo.Hosting;
using Microsoft.AspNetCore.Connections;

namespace Banking.Silo.Cluster;

/// <summary>
/// Takes ports for this process alone. Orleans binds its sockets so that several processes of one user may share a port (<c>SO_REUSEPORT</c>), and half of the connections to
/// one silo would come to the other. A first socket, bound without that, proves that nobody listens there; the turn, which processes take one after the other, keeps two from
/// proving it at once. Thread-safe.
/// </summary>
internal sealed class ExclusivePorts(TimeProvider clock)
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<EndPoint, IConnectionListener> _held = new();

    /// <summary>Binds a port early, for whoever <see cref="TryTake">takes</see> it later; connections wait until then.</summary>
    /// <param name="factory">Binds it.</param>
    /// <param name="endPoint">The address of this machine, and the port.</param>
    /// <param name="setting">The setting that names the port.</param>
    /// <param name="cancellationToken">Ends the waiting for the turn.</param>
    /// <exception cref="StartException">Somebody else has the port.</exception>
    public async Task Hold(IConnectionListenerFactory factory, IPEndPoint endPoint, string setting, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurn(endPoint.Port, setting, cancellationToken);
        Prove(endPoint, setting);
        _held[endPoint] = await factory.BindAsync(endPoint, cancellationToken);
    }

    /// <summary>The listener that was held for an address; once.</summary>
    public bool TryTake(EndPoint endPoint, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IConnectionListener? listener) => _held.TryRemove(endPoint, out listener);

    /// <summary>Gives back what nobody took.</summary>
    public async Task Release()
    {
        foreach (var endPoint in _held.Keys)
        {
            if (_held.TryRemove(endPoint, out var listener)) await listener.DisposeAsync();
        }
    }

    /// <summary>Finds out whether a port is free, for whoever binds it alone afterwards.</summary>
    /// <exception cref="StartException">Somebody else has the port.</exception>
    public static void Prove(IPEndPoint endPoint, string setting)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        try
        {
            socket.Bind(endPoint);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new StartException($"The port {endPoint} is in use: stop what listens there, or set {setting} to a free one.", e);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new StartException($"The port {endPoint} may not be listened on by this user: set {setting} to one above 1023.", e);
        }
    }

    // A name of Linux' abstract sockets is held by one process, ends with it, and is seen as far as the ports are: in the same network namespace. Elsewhere two starts in the
    // same millisecond could both find the port free.
    private async Task<Socket?> TakeTurn(int port, string setting, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var name = new UnixDomainSocketEndPoint("\0banking-port-" + port.ToString(CultureInfo.InvariantCulture));
        for (var started = clock.GetTimestamp(); ;)
        {
            var turn = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                turn.Bind(name);
                return turn;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                turn.Dispose();
                if (clock.GetElapsedTime(started) > LongestTurn)
                    throw new StartException($"Another process has been taking the port {port} for {LongestTurn.TotalSeconds} s: stop it, or set {setting} to another port.", e);
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
