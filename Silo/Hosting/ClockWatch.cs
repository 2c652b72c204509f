namespace Banking.Silo.Hosting;

/// <summary>
/// Reports when the wall clock was set, once for each step, as events and their days get its time. Whatever waits, expires or is removed
/// goes by elapsed time, which no step changes.
/// </summary>
internal sealed partial class ClockWatch(TimeProvider time, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>Time servers make smaller corrections all the time.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        var (wall, at) = (time.GetUtcNow(), time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (wallNow, now) = (time.GetUtcNow(), time.GetTimestamp());
            var step = wallNow - wall - time.GetElapsedTime(at, now);
            (wall, at) = (wallNow, now);
            if (step > Bound) LogForward(step, wallNow);
            else if (step < -Bound) LogBack(step.Negate(), wallNow);
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The clock of this machine went forward by {Step}, or the machine stood still: it shows {Now:u}. New events carry that time; "
                + "if it is wrong, set it right.")]
    private partial void LogForward(TimeSpan step, DateTimeOffset now);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The clock of this machine went back by {Step}: it shows {Now:u}. The log's times don't go back: new events carry the last "
                + "time before, until the clock is there again.")]
    private partial void LogBack(TimeSpan step, DateTimeOffset now);
}
