using Banking.Streaming.Sqlite;

namespace Banking.Streaming.Tests.Sqlite;

/// <summary>Times by a steady clock, in milliseconds; the partition ends at offset 10 when it is opened at 1,000.</summary>
public sealed class ArrivalTimesTests
{
    private readonly ArrivalTimes _arrivals = new(startedAt: 1_000, next: 10, keep: TimeSpan.FromMilliseconds(640));

    [Theory]
    [InlineData(10, 400, 400)]
    [InlineData(10, 9_000_000, 1_000)]
    [InlineData(20, 1_150, 1_150)]
    [InlineData(20, 900, 1_000)]
    [InlineData(20, 9_000_000, 1_200)]
    [InlineData(30, 1_250, 1_250)]
    [InlineData(30, 0, 1_200)]
    [InlineData(30, 9_000_000, 1_300)]
    public void Of_WhateverTheLogSays_ThenWithinTheLooksBetweenWhichItArrived(long end, long time, long arrived)
    {
        _arrivals.Look(1_200, 20);

        Assert.Equal(arrived, _arrivals.Of(end, time, now: 1_300));
    }

    [Fact]
    public void Look_WhenRecordsComeAllTheTime_ThenKeepsFewLooksAndIsLateByLittle()
    {
        for (var now = 1_001L; now <= 100_000; now++) _arrivals.Look(now, now - 980);

        // Arrived at 99,600; looks lie 10 ms apart, a 64th of what is kept.
        Assert.InRange(_arrivals.Of(99_600 - 980, long.MaxValue, 100_000), 99_600, 99_620);
    }
}
