using Banking.Silo.Lake;

namespace Banking.Silo.Hosting;

/// <summary>
/// Between the last request and the end of the silo: brings everything acknowledged into the lake. Registered after the silo, so stopped before it, and after
/// Kestrel, which stops first of all. What can't be brought in waits for the next start.
/// </summary>
internal sealed partial class GracefulDrain(LakeFlush flush, ILogger<GracefulDrain> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            LogDraining();
            await flush.Flush(cancellationToken);
            LogDrained();
        }
        catch (Exception e) when (e is FlushFailedException or OperationCanceledException)
        {
            LogNotDrained(e);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Draining: publishing outboxes and committing files.")]
    private partial void LogDraining();

    [LoggerMessage(Level = LogLevel.Information, Message = "Drained: everything acknowledged is in the lake.")]
    private partial void LogDrained();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Stopping with events that are not in the lake yet; the next start brings them in.")]
    private partial void LogNotDrained(Exception exception);
}
