using System.Net.Sockets;

namespace Banking.Lake.Store;

/// <summary>
/// Has the system notice a peer that is gone without a word (a machine without power, a firewall that forgot the connection): an idle
/// connection is probed, and what is sent and not confirmed in time ends the connection. Time-outs of calls bound what somebody waits for;
/// this keeps dead connections out of a pool.
/// </summary>
internal static class DeadPeers
{
    /// <summary>How long until a connection counts as dead, about.</summary>
    public static readonly TimeSpan NoticedAfter = TimeSpan.FromSeconds(10);

    private const int IdleSeconds = 4;
    private const int ProbeSeconds = 2;
    private const int Probes = 3;

    // Linux: linux/tcp.h.
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
