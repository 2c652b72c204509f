using Banking.Lake;
using Banking.Sink.Catalog;

namespace Banking.Sink.Tests.Catalog;

public sealed class DayLedgerTests
{
    private static readonly DateOnly Monday = new(2026, 11, 23);
    private readonly DayLedger _days = new();

    [Fact]
    public void Saw_WhenItIsNew_ThenOnlyTheFirstTimeIsNews()
    {
        Assert.True(_days.Saw(new LakeDay("cash", Monday)));
        Assert.False(_days.Saw(new LakeDay("cash", Monday)));
        Assert.Equal((0, 1), (_days.Registered, _days.Pending));
    }

    [Fact]
    public void Know_WhenADayIsRegistered_ThenItIsNoNewsAnyMore()
    {
        _days.Saw(new LakeDay("cash", Monday));
        _days.Saw(new LakeDay("assets", Monday));

        _days.Know("cash", [Monday], [Monday]);

        Assert.False(_days.Saw(new LakeDay("cash", Monday)));
        Assert.Equal("Not known to be registered: assets of 2026-11-23.", _days.PendingSentence());
    }

    [Fact]
    public void Know_WhenADayIsNoLongerRegistered_ThenItIsNewsAgain()
    {
        _days.Know("cash", [Monday], [Monday]);

        _days.Know("cash", [], []);

        Assert.True(_days.Saw(new LakeDay("cash", Monday)));
    }

    [Fact]
    public void Know_WhenADayWasSeenThatTheLakeHasNot_ThenItIsNotPendingForEver()
    {
        _days.Saw(new LakeDay("cash", Monday));

        _days.Know("cash", [], []);

        Assert.Equal(0, _days.Pending);
    }

    [Fact]
    public void PendingSentence_WhenThereAreMany_ThenNamesTheFirst()
    {
        for (var i = 0; i < 5; i++) _days.Saw(new LakeDay("cash", Monday.AddDays(-i)));

        Assert.Equal(
            "Not known to be registered: cash of 2026-11-19, cash of 2026-11-20, cash of 2026-11-21 and 2 more.", _days.PendingSentence());
    }

    [Fact]
    public void PendingSentence_WhenThereIsNone_ThenNull() => Assert.Null(_days.PendingSentence());
}
