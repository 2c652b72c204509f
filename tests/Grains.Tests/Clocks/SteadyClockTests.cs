using Banking.Clocks;
using Microsoft.Extensions.Logging;

namespace Banking.Grains.Tests.Clocks;

public sealed class SteadyClockTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
    private readonly TwoClocks _clocks = new(Start);
    private readonly Sentences _said = new();
    private readonly SteadyClock _clock;

    public SteadyClockTests() => _clock = new SteadyClock(_clocks, _said);

    [Fact]
    public void GetUtcNow_WhenTheWallClockStepsForward_ThenGoesOnWithoutTheStep()
    {
        _clocks.Advance(TimeSpan.FromMinutes(5));
        _clocks.Step = TimeSpan.FromDays(1);
        _clocks.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(Start.AddMinutes(10), _clock.GetUtcNow());

        _clocks.Step = TimeSpan.Zero;
        Assert.Equal(Start.AddMinutes(10), _clock.GetUtcNow());
    }

    [Fact]
    public void GetUtcNow_WhenTheWallClockStepsBack_ThenFollows()
    {
        _clocks.Step = TimeSpan.FromDays(-1);

        Assert.Equal(Start.AddDays(-1), _clock.GetUtcNow());
    }

    [Theory]
    [InlineData(24, "stepped forward by 1.00:00:00")]
    [InlineData(-24, "stepped back by 1.00:00:00")]
    public void Watch_WhenTheWallClockSteps_ThenSaysItOnceAndWhenItIsBack(int hours, string sentence)
    {
        _clock.Watch();
        Assert.Empty(_said.All);

        _clocks.Step = TimeSpan.FromHours(hours);
        for (var i = 0; i < 10; i++)
        {
            _clocks.Advance(TimeSpan.FromMinutes(1));
            _clock.Watch();
        }

        Assert.Contains(sentence, Assert.Single(_said.All), StringComparison.Ordinal);
        _clocks.Step = TimeSpan.Zero;
        _clock.Watch();
        _clock.Watch();
        Assert.Equal(2, _said.All.Count);
    }

    [Fact]
    public void Watch_WhenTheClocksDrift_ThenFollowsInSilence()
    {
        for (var i = 0; i < 500; i++)
        {
            _clocks.Advance(TimeSpan.FromMinutes(2));
            _clocks.Step += TimeSpan.FromSeconds(1);
            _clock.Watch();
        }

        Assert.Empty(_said.All);
        Assert.Equal(_clocks.GetUtcNow(), _clock.GetUtcNow());
    }

    /// <summary>A wall clock that can be set, and a monotonic one.</summary>
    private sealed class TwoClocks(DateTimeOffset start) : TimeProvider
    {
        private TimeSpan _passed;

        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public void Advance(TimeSpan time) => _passed += time;

        public override DateTimeOffset GetUtcNow() => start + _passed + Step;

        public override long GetTimestamp() => _passed.Ticks;
    }

    private sealed class Sentences : ILogger<SteadyClock>
    {
        public List<string> All { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            All.Add(formatter(state, exception));
    }
}
