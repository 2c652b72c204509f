using System.Net.Sockets;
using Banking.Silo.Starting;
using Banking.Storage;
using Banking.Streaming.Log;
using Banking.Tls;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Orleans.Runtime.MembershipService;

namespace Banking.Silo.Hosting;

/// <summary>
/// Turns failures that the person who started the program can do something about into a sentence; everything else keeps its stack trace.
/// </summary>
internal static class StartFaults
{
    /// <returns>Null if the exception is not one of the known ones.</returns>
    public static string? SentenceOf(Exception exception)
    {
        for (
            Exception? e = exception; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] }
                ? first
                : e.InnerException)
        {
            switch (e)
            {
                case StartException or StorageOpenException or LogException or TlsFilesException
                    or IOException { InnerException: AddressInUseException }:
                    return e.Message;
                case OptionsValidationException options:
                    return string.Join(Environment.NewLine, options.Failures);
                case OrleansConfigurationException:
                    return e.Message;
                case OrleansClusterConnectivityCheckFailedException:
                    return "The silo can't join its cluster: other silos don't answer it. All of them must reach each other's "
                        + "Banking:Cluster:SiloPort, and have TLS with one authority or none of them. "
                        + e.Message;
                case InvalidOperationException { Source: "Microsoft.AspNetCore.Server.Kestrel.Core" }:
                    return $"HTTP can't listen: {e.Message}";
                case SocketException { SocketErrorCode: SocketError.AddressNotAvailable }:
                    return "Banking:Cluster:Address is no address of this machine; where another one stands for it, as before a "
                        + "container, set Banking:Cluster:ListenOnAny too.";
            }
        }

        return null;
    }
}
