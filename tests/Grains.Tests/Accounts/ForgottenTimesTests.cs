using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class ForgottenTimesTests
{
    private const long Second = 1_000;
    private const long Hour = 3_600 * Second;
    private const long Now = 500_000 * Hour;

    [Fact]
    public void Contains_WhateverWasForgotten_ThenAllOfIt()
    {
        var random = new Random(7);
        for (var life = 0; life < 2_000; life++)
        {
            var times = default(ForgottenTimes);
            var (at, forgotten) = (Now, new List<long>());
            for (var i = 0; i < 60; i++)
            {
                at += random.Next(4) switch
                {
                    0 => random.NextInt64(Hour * 30),
                    1 => random.NextInt64(Hour),
                    _ => random.NextInt64(2 * Second)
                };
                var time = at + (random.Next(10) == 0 ? random.NextInt64(-Hour, 24 * Hour) : 0);
                times = times.Add(time);
                forgotten.Add(time);
                Assert.All(forgotten, t => Assert.True(times.Contains(t), $"life {life}: {t} is in none of the ranges"));
                Assert.InRange(times.Earlier?.Length ?? 0, 0, 2 * (ForgottenTimes.MaxRanges - 1));
                Assert.Equal(forgotten.Max(), times.UpTo);
            }
        }
    }

    [Fact]
    public void Contains_WhenTimesFollowOneAnother_ThenOneRange()
    {
        var times = default(ForgottenTimes);
        for (var i = 0; i < 100; i++) times = times.Add(Now + (i * Second));

        Assert.Equal(new ForgottenTimes(Now, Now + (99 * Second), null), times);
        Assert.False(times.Contains(Now - 1));
        Assert.False(times.Contains(Now + (99 * Second) + 1));
    }

    // A silo whose clock was a day ahead forgot ids of that time; then the clock is right again.
    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    public void Contains_WhenTheClockWasADayAhead_ThenTodaysIdsMayRun(int secondsApart)
    {
        var times = default(ForgottenTimes);
        for (var i = 0; i < 100; i++) times = times.Add(Now - (100 * Hour) + (i * Hour));
        for (var i = 0; i < 50; i++) times = times.Add(Now + (24 * Hour) + (i * secondsApart * Second));
        for (var i = 0; i < 50; i++) times = times.Add(Now + (i * secondsApart * Second));

        var now = Now + (50 * secondsApart * Second);
        Assert.False(times.Contains(now));
        Assert.False(times.Contains(now + (12 * Hour)));
        Assert.True(times.Contains(Now + (24 * Hour)));
        Assert.True(times.Contains(Now));
    }

    [Fact]
    public void Contains_WhenAnEarlierBuildsHorizon_ThenEverythingUpToIt()
    {
        var times = new ForgottenTimes(0, Now, null).Add(Now + Hour);

        Assert.True(times.Contains(1));
        Assert.True(times.Contains(Now));
        Assert.False(times.Contains(Now + 1));
        Assert.True(times.Contains(Now + Hour));
    }
}
