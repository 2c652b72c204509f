using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Banking.Silo.Starting;
using Microsoft.AspNetCore.Connections;

namespace Banking.Silo.Cluster;

/// <summary>
/// Takes ports for this process alone. Orleans binds its sockets so that several processes of one user may share a port
/// (<c>SO_REUSEPORT</c>), and half of the connections to one silo would go to the other. A first socket, bound without that option, proves
/// that nobody listens there. A turn, which processes take one after the other, keeps two of them from proving it at once. Thread-safe.
/// </summary>
internal sealed class ExclusivePorts(TimeProvider time)
{
    private static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly ConcurrentDictionary<EndPoint, IConnectionListener> _held = new();

    /// <summary>Binds a port early, to be <see cref="TryTake">taken</see> later; connections wait until then.</summary>
    /// <param name="factory">Binds the port.</param>
    /// <param name="endPoint">The address of this machine, and the port.</param>
    /// <param name="choice">What to write on the command line for another port.</param>
    /// <param name="cancellationToken">Ends the wait for the turn.</param>
    /// <exception cref="StartException">Somebody else has the port.</exception>
    public async Task HoldAsync(
        IConnectionListenerFactory factory, IPEndPoint endPoint, Func<int, string> choice, CancellationToken cancellationToken)
    {
        using var turn = await TakeTurnAsync(endPoint, choice, cancellationToken);
        Prove(endPoint, choice);
        _held[endPoint] = await factory.BindAsync(endPoint, cancellationToken);
    }

    /// <summary>Takes the listener that was held for an address; works only once.</summary>
    public bool TryTake(EndPoint endPoint, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IConnectionListener? listener) =>
        _held.TryRemove(endPoint, out listener);

    /// <summary>Releases the ports that nobody took.</summary>
    public async Task ReleaseAsync()
    {
        foreach (var endPoint in _held.Keys)
        {
            if (_held.TryRemove(endPoint, out var listener)) await listener.DisposeAsync();
        }
    }

    /// <summary>Checks that a port is free, for a caller that binds it exclusively afterwards.</summary>
    /// <param name="endPoint">The address of this machine, and the port.</param>
    /// <param name="choice">What to write on the command line for another port.</param>
    /// <exception cref="StartException">Somebody else has the port.</exception>
    public static void Prove(IPEndPoint endPoint, Func<int, string> choice)
    {
        if (FaultOf(endPoint) is not { } fault) return;
        var airPlay = OperatingSystem.IsMacOS() && endPoint.Port is 5000 or 7000 ? " On a Mac that may be AirPlay's receiver." : "";
        var sentence = fault.SocketErrorCode == SocketError.AccessDenied
            ? $"The port {endPoint} may not be listened on by this user: choose one above 1023, such as {choice(NextFree(endPoint, 1024))}."
            : $"The port {endPoint} is in use: stop what listens there, or choose another one, "
                + $"such as {Another(endPoint, choice)}.{airPlay}";
        throw new StartException(sentence, fault);
    }

    private static string Another(IPEndPoint endPoint, Func<int, string> choice) => choice(NextFree(endPoint, endPoint.Port + 1));

    private static int NextFree(IPEndPoint endPoint, int first)
    {
        for (var port = first; port < first + 100 && port <= IPEndPoint.MaxPort; port++)
        {
            if (FaultOf(new IPEndPoint(endPoint.Address, port)) is null) return port;
        }

        return Math.Min(first, IPEndPoint.MaxPort);
    }

    private static SocketException? FaultOf(IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
        try
        {
            socket.Bind(endPoint);
            return null;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            return e;
        }
    }

    // The name of a Linux abstract socket is held by one process, ends with it, and is visible in the same network namespace, just as the
    // ports are. On other systems two starts in the same millisecond could both find the port free.
    private async Task<Socket?> TakeTurnAsync(IPEndPoint endPoint, Func<int, string> choice, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux()) return null;
        var name = new UnixDomainSocketEndPoint("\0banking-port-" + endPoint.Port.ToString(CultureInfo.InvariantCulture));
        for (var started = time.GetTimestamp(); ;)
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
                if (time.GetElapsedTime(started) > LongestTurn)
                {
                    var waited = $"Another process has been taking the port {endPoint} for {LongestTurn.TotalSeconds} s";
                    throw new StartException($"{waited}: stop it, or choose another port, such as {Another(endPoint, choice)}.", e);
                }

            }

            await Task.Delay(Pause, time, cancellationToken);
        }
    }
}
