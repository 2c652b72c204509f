using System.Net;
using System.Net.Sockets;

namespace Banking.Benchmarks.Processes;

/// <summary>Ports of the loopback that nobody listens on.</summary>
internal static class FreePorts
{
    /// <summary>All different: they are held at the same time.</summary>
    public static int[] Take(int count)
    {
        var listeners = new TcpListener[count];
        for (var i = 0; i < count; i++)
        {
            listeners[i] = new TcpListener(IPAddress.Loopback, 0);
            listeners[i].Start();
        }

        var ports = Array.ConvertAll(listeners, listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        foreach (var listener in listeners) listener.Dispose();
        return ports;
    }
}
