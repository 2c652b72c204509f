using Banking.Sink.Compaction;

namespace Banking.Sink.Tests.Compaction;

public sealed class DayClockTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private readonly SteppingTime _time = new(new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero));
    private readonly DayClock _clock;

    public DayClockTests() => _clock = new DayClock(_time);

    [Fact]
    public void Today_WhenTimePasses_ThenFollows()
    {
        _time.Pass(TimeSpan.FromHours(13));

        Assert.Equal(Monday.AddDays(1), _clock.Today());
    }

    [Fact]
    public void Today_WhenTheClockStepsForward_ThenStaysForAnHourAndThenBelieves()
    {
        _time.Step(TimeSpan.FromDays(400));

        Assert.Equal(Monday, _clock.Today());
        _time.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(Monday, _clock.Today());
        _time.Pass(TimeSpan.FromMinutes(2));
        Assert.Equal(Monday.AddDays(400), _clock.Today());
    }

    [Fact]
    public void Today_WhenTheClockStepsForwardAndIsPutRight_ThenNothingHappened()
    {
        _time.Step(TimeSpan.FromDays(400));
        _clock.Today();
        _time.Step(TimeSpan.FromDays(-400));
        _time.Pass(TimeSpan.FromHours(1));

        Assert.Equal(Monday, _clock.Today());
        _time.Step(TimeSpan.FromDays(1));
        Assert.Equal(Monday, _clock.Today());
    }

    [Fact]
    public void Today_WhenTheClockStepsBack_ThenBelievesAtOnce()
    {
        _time.Step(TimeSpan.FromDays(-3));

        Assert.Equal(Monday.AddDays(-3), _clock.Today());
    }

    /// <summary>A wall clock that is set, beside time that passes.</summary>
    private sealed class SteppingTime(DateTimeOffset now) : TimeProvider
    {
        private DateTimeOffset _now = now;
        private TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Step(TimeSpan by) => _now += by;

        public void Pass(TimeSpan time) => (_now, _passed) = (_now + time, _passed + time);

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _passed.Ticks;
    }
}
