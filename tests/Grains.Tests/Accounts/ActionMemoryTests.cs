using Banking.Accounts;

namespace Banking.Grains.Tests.Accounts;

public sealed class ActionMemoryTests
{
    private static readonly DateTimeOffset Start = Player.Start;

    [Fact]
    public void Add_WhenAboveCapacity_ThenForgetsTheOldest()
    {
        var memory = ActionMemory.Empty;

        for (var i = 1UL; i <= 4; i++) memory = memory.Add(Action(i, Start), new Retention(3));

        Assert.Equal([2UL, 3UL, 4UL], memory.Actions.Select(a => a.IdLow));
        Assert.False(memory.TryFind(Identity(1), out _));
        Assert.True(memory.TryFind(Identity(2), out _));
    }

    [Fact]
    public void Add_WhenCapacityShrank_ThenForgetsDownToIt()
    {
        var memory = ActionMemory.Empty;
        for (var i = 1UL; i <= 10; i++) memory = memory.Add(Action(i, Start), new Retention(10));

        memory = memory.Add(Action(11, Start), new Retention(2));

        Assert.Equal([10UL, 11UL], memory.Actions.Select(a => a.IdLow));
    }

    [Fact]
    public void Add_WhenActionsAreTooOld_ThenForgetsThem()
    {
        var memory = ActionMemory.Empty
            .Add(Action(1, Start), new Retention(10))
            .Add(Action(2, Start.AddMinutes(1)), new Retention(10));

        memory = memory.Add(Action(3, Start.AddMinutes(2)), new Retention(10, Oldest: Start.AddSeconds(30).ToUnixTimeMilliseconds()));

        Assert.Equal([2UL, 3UL], memory.Actions.Select(a => a.IdLow));
    }

    [Fact]
    public void CheckUnknown_WhenTheTimeIsBetweenForgottenOnes_ThenTooOld()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start, issuedAt: 100), new Retention(1));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(9, issuedAt: 50), Start));

        memory = memory.Add(Action(2, Start, issuedAt: 70), new Retention(1)).Add(Action(3, Start), new Retention(1));

        Assert.Equal(ActionCode.ActionTooOld, memory.CheckUnknown(Identity(1, issuedAt: 100), Start));
        Assert.Equal(ActionCode.ActionTooOld, memory.CheckUnknown(Identity(9, issuedAt: 85), Start));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(9, issuedAt: 101), Start));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(9, issuedAt: 69), Start));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(9), Start));
    }

    [Fact]
    public void CheckUnknown_WhenAForgottenIdHadNoTime_ThenForgotten()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start), new Retention(1)).Add(Action(2, Start), new Retention(1));

        Assert.Equal(ActionCode.ActionForgotten, memory.CheckUnknown(Identity(1), Start));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(3), Start));
    }

    [Fact]
    public void Add_WhenNotKnownToBeDurable_ThenForgetsNothing()
    {
        var memory = ActionMemory.Empty;

        for (var i = 1UL; i <= 5_000; i++) memory = memory.Add(
            Action(i, Start), new Retention(32, Now: Time(Start) + 3_600_000, Settled: 0));

        Assert.Equal(5_000, memory.Actions.Count());
        Assert.True(memory.TryFind(Identity(1), out _));
        memory = memory.Add(Action(5_001, Start), new Retention(32, Now: Time(Start) + 3_600_000, Settled: 5_000));
        Assert.InRange(memory.Actions.Count(), 32, 200);
        Assert.Equal(ActionCode.ActionForgotten, memory.CheckUnknown(Identity(1), Start));
    }

    [Fact]
    public void Add_WhenLoadedWithAnswersThatMayBeLost_ThenHoldsThemForTheRetryWindow()
    {
        var memory = ActionMemory.Empty;
        for (var i = 1UL; i <= 400; i++) memory = memory.Add(Action(i, Start), new Retention(32, Settled: 0));
        memory = memory.Loaded(ForgottenKeys.Empty);
        var later = Time(Start) + 60_000;

        for (var i = 1_001UL; i <= 3_000; i++) memory = memory.Add(
            Action(i, Start.AddMinutes(1)), new Retention(32, later + 5_000, 0, 0, (long)i, true));

        Assert.All(Enumerable.Range(1, 400), i => Assert.True(memory.TryFind(Identity((ulong)i), out _)));
        Assert.InRange(memory.Actions.Count(), 432, 700);
        for (var i = 3_001UL; i <= 3_100; i++) memory = memory.Add(Action(i, Start.AddMinutes(1)), new Retention(32, later + 5_000));
        Assert.InRange(memory.Actions.Count(), 32, 200);
    }

    [Fact]
    public void Loaded_WhenEveryAnswerWasGiven_ThenHoldsNothing()
    {
        var memory = ActionMemory.Empty;
        for (var i = 1UL; i <= 32; i++) memory = memory.Add(Action(i, Start), new Retention(32));
        memory = memory.Settle(32).Loaded(ForgottenKeys.Empty);

        memory = memory.Add(Action(33, Start), new Retention(32, Now: Time(Start) + 60_000, Holding: true));

        Assert.Equal(32, memory.Actions.Count());
    }

    // 1,000 callers at once, of which the last one's request comes two seconds after the others' next ones.
    [Fact]
    public void CheckUnknown_WhenAnIdIsOvertakenOnABusyAccount_ThenItMayRun()
    {
        var memory = ActionMemory.Empty;
        for (var i = 1; i <= 9_000; i++)
        {
            var now = Start.AddMilliseconds(i * 2 / 3);
            memory = memory.Add(
                Action((ulong)i, now, Time(now) + (i % 2 * 9_000)),
                new Retention(32, Time(now), RetryWindow: 120_000, Settled: i / 500 * 500));
        }

        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(9_999, Time(Start) + 4_000), Start.AddSeconds(6)));
        Assert.Equal(ActionCode.ActionTooOld, memory.CheckUnknown(Identity(9_999, Time(Start) + 1_000), Start.AddSeconds(6)));
    }

    [Fact]
    public void CheckUnknown_WhenThereAreTooManyIdsWithoutTime_ThenOnlyThoseAreRefused()
    {
        var keys = ForgottenKeys.Empty;
        for (var i = 0; i < ForgottenKeys.MaxKeys / 4_096; i++) keys = keys.Add(
            [.. Enumerable.Range(i * 4_096, 4_096).Select(k => (ulong)k)], Time(Start) + i);
        var memory = ActionMemory.Empty.WithKeys(keys);

        Assert.Equal(ActionCode.ActionForgotten, memory.CheckUnknown(Identity(17), Start));
        Assert.Equal(ActionCode.TooManyActionIds, memory.CheckUnknown(Identity(1_000_000), Start));
        Assert.Equal(ActionCode.TooManyActionIds, memory.CheckUnknown(Identity(1_000_000, Time(Start) + 10_001), Start));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(1_000_000, Time(Start)), Start));
        memory = memory.WithKeys(keys.MakeRoom(Time(Start) + 2));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(1_000_000), Start));
    }

    [Fact]
    public void Distrust_Always_RefusesWhatMayHaveRun()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start), new Retention(8)).Distrust(Start, Start.AddDays(1));

        Assert.True(memory.TryFind(Identity(1), out _));
        Assert.Equal(ActionCode.ActionTooOld, memory.CheckUnknown(Identity(2, Time(Start)), Start));
        Assert.Equal(ActionCode.ActionForgotten, memory.CheckUnknown(Identity(2), Start.AddHours(23)));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(2), Start.AddDays(1)));
        Assert.Equal(ActionCode.Done, memory.CheckUnknown(Identity(2, Time(Start) + 10_001), Start.AddSeconds(10)));
    }

    [Fact]
    public void TryFind_WhenOnlyHalfOfTheHashIsEqual_ThenFalse()
    {
        var memory = ActionMemory.Empty.Add(Action(1, Start), new Retention(10));

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
            memory = memory.Add(action, new Retention(1000));
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

    private static long Time(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static ActionIdentity Identity(ulong id, long issuedAt = 0) => new(id, 0, 0, issuedAt);

    private static RememberedAction Action(ulong id, DateTimeOffset decidedAt, long issuedAt = 0) =>
        new() { IdLow = id, IssuedAt = issuedAt, DecidedAt = decidedAt.ToUnixTimeMilliseconds() };
}
