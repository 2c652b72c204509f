using Banking.Waiting;

namespace Banking.Grains.Tests.Waiting;

public sealed class ChangeSignalTests
{
    private readonly ChangeSignal _signal = new();

    [Fact]
    public async Task Fire_WhenSeveralWait_ThenWakesAllAndLaterOnesWaitForTheNext()
    {
        var (first, second) = (_signal.Next, _signal.Next);

        _signal.Fire();

        await Task.WhenAll(first, second).WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(_signal.Next.IsCompleted);
    }

    [Fact]
    public void Fire_WhenNobodyWaits_ThenIsNotKept()
    {
        _signal.Fire();

        Assert.False(_signal.Next.IsCompleted);
    }
}
