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

    [Fact]
    public void Add_WhateverTheAction_ThenFoundAsItWas()
    {
        var random = new Random(4711);
        var memory = ActionMemory.Empty;
        var added = new List<RememberedAction>();
        for (var i = 0; i < 500; i++)
        {
            var action = new RememberedAction
            {
                IdLow = (ulong)random.NextInt64(),
                IdHigh = (ulong)random.NextInt64(),
                Fingerprint = ulong.MaxValue - (ulong)i,
                IssuedAt = random.NextInt64(0, 1L << random.Next(1, 50)),
                Code = Enum.GetValues<ActionCode>()[random.Next(Enum.GetValues<ActionCode>().Length)],
                SequenceNumber = random.NextInt64(0, 1L << random.Next(1, 62)),
                DecidedAt = random.NextInt64(0, 1L << 50),
                Amount = i == 0 ? AccountLimits.MaxAmount : random.Next() / 100m,
                CashBalance = i == 0 ? AccountLimits.MaxBalance : random.Next() / 100m,
                UnitPrice = i == 0 ? AccountLimits.MaxUnitPrice : random.Next() / 1_000_000m,
            };
            added.Add(action);
            memory = memory.Add(action, 1000, DateTimeOffset.UnixEpoch);
        }

        Assert.Equal(added, memory.Actions);
        Assert.All(added, a => Assert.True(memory.TryFind(new ActionIdentity(a.IdLow, a.IdHigh, 0, 0), out var found) && found == a));
    }

    // A client whose clock is fast must not make the account refuse everybody else's ids.
    [Fact]
    public void From_WhenIdIsFarAheadOfTheAccountsClock_ThenItsTimeIsNotBelieved()
    {
        var result = new ActionResult { Code = ActionCode.Done, OccurredAt = Start };
        var now = Start.ToUnixTimeMilliseconds();

        Assert.Equal(now + 10_000, RememberedAction.From(Identity(1, now + 10_000), result).IssuedAt);
        Assert.Equal(0, RememberedAction.From(Identity(1, now + 10_001), result).IssuedAt);
    }

    private static ActionIdentity Identity(ulong id, long issuedAt = 0) => new(id, 0, 0, issuedAt);

    private static RememberedAction Action(ulong id, DateTimeOffset decidedAt, long issuedAt = 0) =>
        new() { IdLow = id, IssuedAt = issuedAt, DecidedAt = decidedAt.ToUnixTimeMilliseconds() };
}
