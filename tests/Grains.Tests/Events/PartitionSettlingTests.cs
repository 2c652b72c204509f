using Banking.Events;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Grains.Tests.Events;

public sealed class PartitionSettlingTests : IDisposable
{
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeLake _lake = new();
    private readonly PartitionSettling _settling;

    public PartitionSettlingTests() => _settling = new PartitionSettling(_lake, _clock);

    public void Dispose() => _settling.Dispose();

    [Fact]
    public async Task IsSettled_WhenTheLakeCatchesUp_ThenYesWithoutAnotherQuestion()
    {
        var confirmed = Moment();
        Assert.False(_settling.IsSettled(3, confirmed));
        await Eventually.True(() => _lake.Looks == 1);
        _lake.Durable = _lake.End;

        await NextLook();

        await Eventually.True(() => _settling.IsSettled(3, confirmed));
        Assert.False(_settling.IsSettled(4, confirmed));
    }

    [Fact]
    public async Task IsSettled_WhenEventsCameAfterTheEnd_ThenNot()
    {
        _settling.IsSettled(3, Moment());
        await Eventually.True(() => _lake.Looks == 1);
        var later = Moment();
        _lake.Durable = _lake.End;
        _lake.End += 5;

        Assert.False(_settling.IsSettled(3, later));
        await NextLook();
        await NextLook();

        Assert.False(_settling.IsSettled(3, later));
    }

    [Fact]
    public async Task IsSettled_WhenManyAskAllTheTime_ThenItLooksOnceASecond()
    {
        _lake.Durable = _lake.End;
        for (var i = 0; i < 500; i++)
        {
            _settling.IsSettled(3, Moment());
            _clock.Advance(PartitionSettling.Period / 100);
            await Task.Yield();
        }

        await Eventually.True(() => _lake.Looks > 0);
        Assert.InRange(_lake.Looks, 1, 6);
    }

    [Fact]
    public async Task IsSettled_WhenLogOrLakeFail_ThenNotAndItTriesAgain()
    {
        var confirmed = Moment();
        _lake.Durable = _lake.End;
        _lake.Failure = new TimeoutException();
        _settling.IsSettled(3, confirmed);
        await Eventually.True(() => _lake.Looks == 1);
        await NextLook();
        Assert.False(_settling.IsSettled(3, confirmed));

        _lake.Failure = null;
        await NextLook();

        await Eventually.True(() => _settling.IsSettled(3, confirmed));
    }

    private long Moment()
    {
        var moment = _clock.GetTimestamp();
        _clock.Advance(TimeSpan.FromTicks(1));
        return moment;
    }

    private async Task NextLook()
    {
        var looks = _lake.Looks;
        await Eventually.True(() =>
        {
            _clock.Advance(PartitionSettling.Period);
            return _lake.Looks > looks;
        });
    }

    private sealed class FakeLake : ILakeProgress
    {
        private int _looks;

        public int Looks => Volatile.Read(ref _looks);

        public long End { get; set; } = 10;

        public long Durable { get; set; }

        public Exception? Failure { get; set; }

        public ValueTask<long> GetEndAsync(int partition, CancellationToken cancellationToken) => ValueTask.FromResult(End);

        public ValueTask<long> GetDurableAsync(int partition, CancellationToken cancellationToken)
        {
            var answer = Failure is null ? ValueTask.FromResult(Durable) : ValueTask.FromException<long>(Failure);
            Interlocked.Increment(ref _looks);
            return answer;
        }
    }
}
