using Banking.Silo.Cluster;
using Microsoft.Extensions.Time.Testing;
using Orleans.Configuration;

namespace Banking.Silo.Tests.Cluster;

/// <summary>How long a silo may answer from memory after it was last seen to be a member.</summary>
public sealed class MembershipProofTests
{
    private static readonly TimeSpan Validity = TimeSpan.FromSeconds(4);
    private readonly TwoClocks _clock = new();
    private readonly MembershipProof _proof;

    public MembershipProofTests() => _proof = new MembershipProof(Validity, _clock);

    [Fact]
    public void Holds_WhenNothingWasProved_IsFalse() => Assert.False(_proof.Holds);

    [Fact]
    public void Holds_Always_CountsFromTheQuestionAndNotFromTheAnswer()
    {
        var asked = _proof.Ask();
        _clock.Advance(TimeSpan.FromSeconds(3));
        _proof.Prove(asked);
        Assert.True(_proof.Holds);

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(_proof.Holds);
    }

    [Fact]
    public void Holds_WhenAnAnswerComesAfterTheProcessStoodStill_IsFalse()
    {
        var asked = _proof.Ask();
        _clock.Advance(TimeSpan.FromMinutes(1));

        _proof.Prove(asked);

        Assert.False(_proof.Holds);
    }

    [Fact]
    public void Holds_WhenAnOlderAnswerComesLate_RestsOnTheNewest()
    {
        var older = _proof.Ask();
        _clock.Advance(TimeSpan.FromSeconds(3));
        _proof.Prove(_proof.Ask());
        _proof.Prove(older);

        _clock.Advance(TimeSpan.FromSeconds(3));

        Assert.True(_proof.Holds);
    }

    [Fact]
    public void Holds_WhenOnlyTheWallClockWentOn_IsFalseUntilTheNextProof()
    {
        _proof.Prove(_proof.Ask());

        // A machine that slept, whose monotonic clock stood still.
        _clock.WallClockStep = Validity;

        Assert.False(_proof.Holds);
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        _proof.Prove(_proof.Ask());
        Assert.True(_proof.Holds);
    }

    [Fact]
    public void Holds_WhenTheWallClockWentBack_EndsByTheMonotonicOne()
    {
        _proof.Prove(_proof.Ask());
        _clock.WallClockStep = -TimeSpan.FromHours(1);
        Assert.True(_proof.Holds);

        _clock.Advance(Validity);

        Assert.False(_proof.Holds);
    }

    [Fact]
    public async Task Wait_WhenAProofComes_EndsWithIt()
    {
        var waiting = _proof.WaitAsync(TimeSpan.FromSeconds(1));
        Assert.False(waiting.IsCompleted);

        _proof.Prove(_proof.Ask());

        Assert.True(await waiting);
    }

    [Fact]
    public async Task Wait_WhenNoneComes_EndsWithoutOne()
    {
        var waiting = _proof.WaitAsync(TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await waiting);
    }

    [Fact]
    public void ValidityOf_Always_IsLessThanTheOthersLeaveADeadSilosGrainsAlone()
    {
        var membership = new ClusterMembershipOptions { MaxProbeTimeout = TimeSpan.FromSeconds(5), NumMissedProbesLimit = 3 };

        var validity = MembershipProof.ValidityOf(membership, new GrainDirectoryOptions { RangeLeaseDuration = TimeSpan.FromSeconds(20) });

        Assert.Equal(TimeSpan.FromSeconds(4.5), validity);
        Assert.Throws<InvalidOperationException>(
            () => MembershipProof.ValidityOf(membership, new GrainDirectoryOptions { RangeLeaseDuration = TimeSpan.FromSeconds(15) }));
    }

    private sealed class TwoClocks : FakeTimeProvider
    {
        public TimeSpan WallClockStep { get; set; }

        // The fake's own timestamps follow its wall clock.
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + WallClockStep;

        public override long GetTimestamp() => base.GetUtcNow().UtcTicks;
    }
}
