using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Banking.Servers;

/// <summary>
/// Ports that a set of servers may listen on: all shifted by the same distance, free, and below those that the system gives to outgoing
/// connections. Test processes look for a place side by side, and the ports of a killed server seem free: the lock, which ends with its
/// process, says whose a place is.
/// </summary>
internal sealed class PortClaim : IDisposable
{
    private const int Lowest = 2_000;
    private const int Highest = 18_000;
    private const int Step = 500;
    private readonly FileStream _lock;

    private PortClaim(int shift, FileStream claim)
    {
        Shift = shift;
        _lock = claim;
    }

    public int Shift { get; }

    public static PortClaim Take(IReadOnlyList<int> ports)
    {
        for (var shift = Lowest; shift <= Highest; shift += Step)
        {
            if (TryLock(shift) is not { } claim) continue;
            if (ports.All(port => IsFree(port + shift))) return new PortClaim(shift, claim);
            claim.Dispose();
        }

        throw new InvalidOperationException("No ports are free for servers.");
    }

    public static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream? TryLock(int shift)
    {
        var path = Path.Combine(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"banking-tests-ports-{shift}.lock"));
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
