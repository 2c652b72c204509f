using System.Net.Sockets;

namespace Banking.Lake.Store;

/// <summary>
/// Makes the system notice a peer that has vanished silently (a machine that lost power, a firewall that forgot the connection). An idle
/// connection is probed, and data that is sent but not confirmed in time ends the connection. Timeouts of calls limit how long callers
/// wait; this keeps dead connections out of a pool.
/// </summary>
internal static class DeadPeers
{
    /// <summary>Roughly how long it takes until a connection counts as dead.</summary>
    public static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(10);

    private const int IdleSeconds = 4;
    private const int ProbeSeconds = 2;
    private const int Probes = 3;

    // Linux values, from linux/tcp.h.
    private const int TcpLevel = 6;
    private const int TcpUserTimeout = 18;

    public static void Watch(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, IdleSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, ProbeSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, Probes);
        if (OperatingSystem.IsLinux())
        {
            socket.SetRawSocketOption(TcpLevel, TcpUserTimeout, BitConverter.GetBytes((int)NoticedAfter.TotalMilliseconds));
        }
    }
}
