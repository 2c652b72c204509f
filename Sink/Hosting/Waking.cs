using Banking.Streaming.Log;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Hosting;

/// <summary>
/// Keeps grains awake somewhere in the cluster from the silo's start on, though nobody calls them, even if the silo that had them is gone.
/// </summary>
/// <param name="who">Which grains are kept awake, for log messages.</param>
/// <param name="wake">Asks them for something.</param>
internal sealed partial class Waking(string who, Func<CancellationToken, Task> wake, TimeProvider time, ILogger<Waking> logger)
    : BackgroundService
{
    private const int SaidAtFailure = 3;
    private static readonly TimeSpan WakeEvery = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <param name="wake">Asks them for something.</param>
    public static void Add(IServiceCollection services, string who, Func<IServiceProvider, CancellationToken, Task> wake) =>
        services.AddSingleton<IHostedService>(provider => new Waking(
            who,
            cancellationToken => wake(provider, cancellationToken),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Waking>>()));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var failures = 0; ; await Task.Delay(failures == 0 ? WakeEvery : RetryAfter, time, stoppingToken))
        {
            try
            {
                await wake(stoppingToken).WaitAsync(stoppingToken);
                failures = 0;
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // At a silo's start its grains may not be known yet. An unavailable log is reported elsewhere.
                if (++failures == SaidAtFailure && e is not LogException) LogNotAwake(who, e);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Who} can't be kept awake; tried again.")]
    private partial void LogNotAwake(string who, Exception exception);
}
