using Microsoft.Extensions.Hosting;

namespace Banking.Clocks;

/// <summary>Checks a silo's clock every few seconds.</summary>
internal sealed class ClockWatch(SteadyClock clock) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, clock.Provider);
        while (await timer.WaitForNextTickAsync(stoppingToken)) clock.Watch();
    }
}
