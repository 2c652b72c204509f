using System.Net.Sockets;
using Banking.Storage;
using Banking.Streaming.Log;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Banking.Silo.Hosting;

/// <summary>What the person who started the program can do something about, as a sentence; everything else keeps its stack trace.</summary>
internal static class StartFaults
{
    /// <returns>Null if the exception is none of the known ones.</returns>
    public static string? SentenceOf(Exception exception)
    {
        for (Exception? e = exception; e is not null; e = e is AggregateException { InnerExceptions: [var first, ..] } ? first : e.InnerException)
        {
            switch (e)
            {
                case StartException or StorageOpenException or LogException or IOException { InnerException: AddressInUseException }:
                    return e.Message;
                case OptionsValidationException options:
                    return string.Join(Environment.NewLine, options.Failures);
                case SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }:
                    return "A port of the silo is in use: set Banking:Cluster:SiloPort and Banking:Cluster:GatewayPort to free ones.";
            }
        }

        return null;
    }
}
