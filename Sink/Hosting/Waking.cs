using Banking.Streaming.Log;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Hosting;

/// <summary>Keeps grains awake somewhere in the cluster though nobody calls them, from the silo's start on: also when the silo that had them is gone.</summary>
/// <param name="who">Who is kept awake, for the log.</param>
/// <param name="wake">Asks them for something.</param>
internal sealed partial class Waking(string who, Func<CancellationToken, Task> wake, TimeProvider time, ILogger<Waking> logger) : BackgroundService
{
    private static readonly TimeSpan WakeEvery = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(WakeEvery, time);
        var failed = false;
        do
        {
            try
            {
                await wake(stoppingToken).WaitAsync(stoppingToken);
                failed = false;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // That the log is away is said elsewhere.
                if (!failed && e is not LogException) LogNotAwake(who, e);
                failed = true;
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Who} can't be kept awake; tried again.")]
    private partial void LogNotAwake(string who, Exception exception);
}
