using Banking.Lake.Chains;
using Banking.Sink.Tests.Support;
using CsCheck;

namespace Banking.Sink.Tests.Chains;

public sealed class DayRuleTests
{
    private static readonly DateOnly Today = new(2026, 11, 23);

    [Fact]
    public void Next_WhenThereIsNoPreviousRow_ThenIsTheRecordsDay() => Assert.Equal(Today, DayRule.Next(null, Json.Noon, Today));

    [Fact]
    public void Next_WhenTheRecordIsLate_ThenStaysWithThePreviousRow() =>
        Assert.Equal(Today, DayRule.Next(Today, Json.Noon - (24 * 3600 * 1000), Today));

    [Fact]
    public void Next_WhenThePreviousRowLiesInAFutureThatAClockMadeUp_ThenIsTheRecordsDay() =>
        Assert.Equal(Today, DayRule.Next(Today.AddDays(2), Json.Noon, Today));

    [Fact]
    public void Next_WhenAnotherOwnersClockIsAheadOfMidnight_ThenStaysWithItsRow() =>
        Assert.Equal(Today.AddDays(1), DayRule.Next(Today.AddDays(1), Json.Noon, Today));

    [Fact]
    public void Next_WhenAnyTimesFollow_ThenNeverGoesBackNorBehindToday() => Gen.Long.Array.Sample(
        times =>
        {
            DateOnly? previous = null;
            foreach (var time in times)
            {
                var day = DayRule.Next(previous, time, Today);
                Assert.True(day <= Today && (previous is null || day >= previous));
                previous = day;
            }
        },
        iter: 2000);
}
