using Banking.Streaming.Log;
using Banking.Streaming.Provider;

namespace Banking.Streaming.Tests.Provider;

public sealed class OffsetCommitTests : IDisposable
{
    private readonly CacheRig _rig = new(new LogStreamOptions());
    private readonly OffsetCommit _commit;

    public OffsetCommitTests() => _commit = new OffsetCommit(_rig.Log, _rig.Cache, _rig.Time);

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task Run_WhenTheOffsetStandsStill_ThenItIsCommittedAgainAfterAnHour()
    {
        Deliver(3);
        await RunAfterAsync(TimeSpan.FromSeconds(1));

        await RunAfterAsync(GroupOffsets.RenewAfter - TimeSpan.FromSeconds(1));
        Assert.Equal([3], _rig.Log.Commits);
        await RunAfterAsync(TimeSpan.FromSeconds(1));
        await RunAfterAsync(TimeSpan.FromSeconds(1));

        Assert.Equal([3, 3], _rig.Log.Commits);
    }

    [Fact]
    public async Task Run_WhenTheOffsetMoves_ThenTheHourBeginsAnew()
    {
        Deliver(3);
        await RunAfterAsync(TimeSpan.FromSeconds(1));
        Deliver(2);
        await RunAfterAsync(GroupOffsets.RenewAfter / 2);

        await RunAfterAsync(GroupOffsets.RenewAfter / 2);

        Assert.Equal([3, 5], _rig.Log.Commits);
    }

    [Fact]
    public async Task Run_WhenTheConsumerCommits_ThenTheProviderNeverDoes()
    {
        _rig.Cache.Options.CommitMode = CommitMode.Consumer;
        Deliver(3);

        await RunAfterAsync(GroupOffsets.RenewAfter);

        Assert.Empty(_rig.Log.Commits);
    }

    private void Deliver(int records)
    {
        for (var i = 0; i < records; i++) _rig.Log.Append([]);
        while (_rig.Pump(100)) { }
    }

    private async Task RunAfterAsync(TimeSpan time)
    {
        _rig.Time.Advance(time);
        await _commit.RunAsync(TestContext.Current.CancellationToken);
    }
}
