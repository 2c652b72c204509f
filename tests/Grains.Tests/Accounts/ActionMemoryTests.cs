using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class ActionMemoryTests
{
    private static readonly DateTimeOffset Start = Player.Start;

    [Fact]
    public void Add_WhenAboveCapacity_ThenForgetsTheOldest()
    {
        var memory = ActionMemory.Empty;

        for (var i = 1UL; i <= 4; i++) memory = memory.Add(Action(i, Start), capacity: 3, DateTimeOffset.MinValue);

        Assert.Equal([2UL, 3UL, 4UL], memory.Actions.Select(a => a.IdLow));
        Assert.False(memory.TryFind(Identity(1), out _));
        Assert.True(memory.TryFind(Identity(2), out _));
    }

    [Fact]
    public void Add_WhenCapacityShrank_ThenForgetsDownToIt()
    {
        var memory = ActionMemory.Empty;
        for (var i = 1UL; i <= 10; i++) memory = memory.Add(Action(i, Start), capacity: 10, DateTimeOffset.MinValue);

        memory = memory.Add(Action(11, Start), capacity: 2, DateTimeOffset.MinValue);

        Assert.Equal([10UL, 11UL], memory.Actions.Select(a => a.IdLow));
    }

    [Fact]
    public void Add_WhenActionsAreTooOld_ThenForgetsThem()
    {
        var memory = ActionMemory.Empty
            .Add(Action(1, Start), 10, DateTimeOffset.MinValue)
            .Add(Action(2, Start.AddMinutes(1)), 10, DateTimeOffset.MinValue);

        memory = memory.Add(Action(3, Start.AddMinutes(2)), 10, Start.AddSeconds(30));

        Assert.Equal([2UL, 3UL], memory.Actions.Select(a => a.IdLow));
    }

    [Fact]
    public void MayHaveForgotten_WhenIdIsNotNewerThanAForgottenOne_ThenTrue()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start, issuedAt: 100), 1, DateTimeOffset.MinValue);
        Assert.False(memory.MayHaveForgotten(Identity(9, issuedAt: 50)));

        memory = memory.Add(Action(2, Start, issuedAt: 70), 1, DateTimeOffset.MinValue).Add(Action(3, Start), 1, DateTimeOffset.MinValue);

        Assert.True(memory.MayHaveForgotten(Identity(1, issuedAt: 100)));
        Assert.True(memory.MayHaveForgotten(Identity(9, issuedAt: 50)));
        Assert.False(memory.MayHaveForgotten(Identity(9, issuedAt: 101)));
        Assert.False(memory.MayHaveForgotten(Identity(9)));
    }

    [Fact]
    public void TryFind_WhenOnlyHalfOfTheHashIsEqual_ThenFalse()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start), 10, DateTimeOffset.MinValue);

        Assert.False(memory.TryFind(new ActionIdentity(1, 99, 0, 0), out _));
        Assert.False(memory.TryFind(new ActionIdentity(99, 0, 0, 0), out _));
    }

    [Fact]
    public void Replay_WhenRemembered_ThenTheFirstResult()
    {
        var result = new ActionResult
        {
            Code = ActionCode.Done,
            SequenceNumber = 7,
            OccurredAt = Start,
            Amount = 1.25m,
            CashBalance = 3.5m,
            UnitPrice = 0.123456m,
        };

        Assert.Equal(result with { Replayed = true }, RememberedAction.From(Identity(1), result).Replay());
    }

    // A client whose clock is fast must not make the account refuse everybody else's ids.
    [Fact]
    public void From_WhenIdIsFarAheadOfTheAccountsClock_ThenItsTimeIsNotBelieved()
    {
        var result = new ActionResult { Code = ActionCode.Done, OccurredAt = Start };
        var now = Start.ToUnixTimeMilliseconds();

        Assert.Equal(now + 60_000, RememberedAction.From(Identity(1, now + 60_000), result).IssuedAt);
        Assert.Equal(0, RememberedAction.From(Identity(1, now + 60_001), result).IssuedAt);
    }

    private static ActionIdentity Identity(ulong id, long issuedAt = 0) => new(id, 0, 0, issuedAt);

    private static RememberedAction Action(ulong id, DateTimeOffset decidedAt, long issuedAt = 0) =>
        new() { IdLow = id, IssuedAt = issuedAt, DecidedAt = decidedAt.ToUnixTimeMilliseconds() };
}
