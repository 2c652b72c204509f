using Banking.Gate;
using Banking.Recovery;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Grains.Tests.Recovery;

public class BankGateTests
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(10);
    private readonly FakeTimeProvider _clock = new();
    private readonly BankGate _gate = new();

    [Fact]
    public async Task WaitUntilOpen_WhenTheCheckEnds_Ends()
    {
        Set(BankStage.Checking);
        var waiting = _gate.WaitUntilOpenAsync(MaxWait, _clock).AsTask();
        Assert.False(waiting.IsCompleted);

        Set(BankStage.Checked);

        await waiting;
        Assert.True(_gate.MayPublish);
    }

    [Fact]
    public async Task WaitUntilOpen_WhenTheCheckTakesTooLong_SaysThatTheBankIsClosed()
    {
        Set(BankStage.Checking);
        var waiting = _gate.WaitUntilOpenAsync(MaxWait, _clock).AsTask();

        _clock.Advance(MaxWait);

        await Assert.ThrowsAsync<BankClosedException>(() => waiting);
    }

    [Theory]
    [InlineData(BankStage.RollingForward)]
    [InlineData(BankStage.Refused)]
    public async Task WaitUntilOpen_WhenSomethingWasFound_ThrowsItsSentenceAtOnce(BankStage stage)
    {
        Set(stage, "Of a test.");

        var closed = await Assert.ThrowsAsync<BankClosedException>(() => _gate.WaitUntilOpenAsync(MaxWait, _clock).AsTask());

        Assert.Equal("Of a test.", closed.Message);
    }

    [Fact]
    public void MayPublish_WhenNothingCouldBeCompared_IsFalseAndAccountsAct()
    {
        Set(BankStage.Unchecked);

        Assert.Equal((true, false), (_gate.IsOpen, _gate.MayPublish));
    }

    [Fact]
    public void Version_WhenTheGateClosesOrStorageWasChanged_Changes()
    {
        var first = _gate.Version;
        Set(BankStage.Checking);
        var closed = _gate.Version;
        Set(BankStage.Checked);
        var open = _gate.Version;
        Set(BankStage.Checked, epoch: 1);

        Assert.NotEqual(first, closed);
        Assert.Equal(closed, open);
        Assert.NotEqual(open, _gate.Version);
    }

    [Fact]
    public void MayStillPublish_WhenItIsClosed_HoldsForAccountsInMemoryUntilTheyAreCutOff()
    {
        Set(BankStage.Checked);
        var version = _gate.Version;

        Set(BankStage.Checking);

        Assert.True(_gate.MayStillPublish(version));
        _gate.CutOff();
        Assert.False(_gate.MayStillPublish(version));
        Assert.True(_gate.MayStillPublish(_gate.Version));
    }

    private void Set(BankStage stage, string? sentence = null, long epoch = 0) => _gate.Set(new BankStatus(stage, "bank", sentence, epoch));
}
