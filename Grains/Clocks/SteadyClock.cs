using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Banking.Clocks;

/// <summary>
/// The wall clock without its steps forward: what is a day old may be forgotten, but a clock that is set a day ahead must not make
/// everything a day old. Also reports, once, that the wall clock stepped. One per silo; thread-safe.
/// </summary>
public sealed partial class SteadyClock
{
    /// <summary>A wall clock that is off by more than this was set; a smaller difference is drift, which is followed.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan FollowsAfter = TimeSpan.FromMinutes(1);

    private readonly ILogger<SteadyClock> _logger;
    private readonly Lock _lock = new();
    private volatile Reading _start;
    private TimeSpan _said;

    public SteadyClock(TimeProvider provider, ILogger<SteadyClock> logger)
    {
        (Provider, _logger) = (provider, logger);
        _start = new(provider.GetUtcNow(), provider.GetTimestamp());
    }

    /// <summary>The clocks that this one watches: the wall clock for points in time, the monotonic clock for durations.</summary>
    public TimeProvider Provider { get; }

    /// <summary>A time that is never ahead of what has passed since the start, and behind it if the wall clock was set back.</summary>
    public DateTimeOffset GetUtcNow()
    {
        var (wall, expected) = Read(_start);
        return wall - expected > Bound ? expected : wall;
    }

    /// <summary>Checks whether the wall clock was set. To be called every few seconds.</summary>
    public void Watch()
    {
        lock (_lock)
        {
            var (wall, expected) = Read(_start);
            var offset = wall - expected;
            if (offset.Duration() <= Bound)
            {
                if (_said != TimeSpan.Zero) LogBack();
                _said = TimeSpan.Zero;
                if (Provider.GetElapsedTime(_start.Timestamp) >= FollowsAfter) _start = new(wall, Provider.GetTimestamp());
            }
            else if ((offset - _said).Duration() > Bound)
            {
                _said = offset;
                if (offset > TimeSpan.Zero) LogAhead(offset);
                else LogBehind(-offset);
            }
        }
    }

    private (DateTimeOffset Wall, DateTimeOffset Expected) Read(Reading start) =>
        (Provider.GetUtcNow(), start.Wall + Provider.GetElapsedTime(start.Timestamp));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall clock stepped forward by {Offset}, or the machine was suspended. Ages "
        + "and quotes are counted without the step; events carry the clock's time: if it is wrong, set it right.")]
    private partial void LogAhead(TimeSpan offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The wall clock stepped back by {Offset}. Quotes are counted without the step; "
        + "events carry the clock's time: if it is wrong, set it right.")]
    private partial void LogBehind(TimeSpan offset);

    [LoggerMessage(Level = LogLevel.Information, Message = "The wall clock is where it should be again.")]
    private partial void LogBack();

    private sealed record Reading(DateTimeOffset Wall, long Timestamp);
}

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
