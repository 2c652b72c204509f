using System.CommandLine;
using System.Net;
using Banking.Benchmarks.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Benchmarks.Memory;

/// <summary>The peer of <see cref="MemoryBenchmark"/>: an Orleans silo and Kestrel in one process, and nothing in them.</summary>
internal static class BareSilo
{
    public const string Command = "serve-bare-silo";

    public static Command CreateCommand()
    {
        var (port, siloPort, gatewayPort) = (new Argument<int>("port"), new Argument<int>("silo-port"), new Argument<int>("gateway-port"));
        var command = new Command(Command, "The peer of memory.") { port, siloPort, gatewayPort };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) =>
            ServeAsync(parsed.GetValue(port), parsed.GetValue(siloPort), parsed.GetValue(gatewayPort), cancellationToken));
        return command;
    }

    private static async Task ServeAsync(int port, int siloPort, int gatewayPort, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Host.UseOrleans(silo => silo.UseLocalhostClustering(
            siloPort, gatewayPort, new IPEndPoint(IPAddress.Loopback, siloPort), serviceId: "bare", clusterId: "bare"));
        await using var app = builder.Build();
        app.Urls.Add(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        app.MapGet("/health/ready", (RequestDelegate)(_ => Task.CompletedTask));
        await app.StartAsync(cancellationToken);
        await ParentProcess.WaitForEndAsync(cancellationToken);
        await app.StopAsync(CancellationToken.None);
    }
}
