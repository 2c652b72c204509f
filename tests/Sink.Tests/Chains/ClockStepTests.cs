using Banking.Sink.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Chains;

/// <summary>
/// A clock that was a year ahead for a while: rows that came then are in that day's folder, and do no harm to what comes later.
/// </summary>
public sealed class ClockStepTests : IDisposable
{
    private const long Year = 365L * 24 * 3600 * 1000;
    private readonly SinkFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public async Task Rows_WhenTheClockWasAheadForAWhile_ThenGoBackToTheirDayAndStayThereOnce(bool saved, bool claimsLost)
    {
        await WriteAsync(1, Json.Noon, saved: true);
        await WriteAsync(2, Json.Noon + Year, saved);
        await WriteAsync(3, Json.Noon + 1000, saved: false);
        await WriteAsync(4, Json.Noon + Year, saved);
        await WriteAsync(5, Json.Noon + 2000, saved: false);
        if (claimsLost) Directory.Delete(Path.Combine(_fixture.Root, "_chains"), recursive: true);

        // Everything again, as after a crash.
        for (var number = 1; number <= 6; number++) _fixture.Log.Add(Json.Deposit("a", number), Json.Noon + 3000);
        var sink = await _fixture.OpenAsync(time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Json.Noon + 3000)));
        await sink.DrainAsync();

        var days = _fixture.Lake.Query("cash_transactions", "select sequence_number, dt::varchar from {table} order by 1");
        Assert.Equal(
            ["1 2026-11-23", "2 2027-11-23", "3 2026-11-23", "4 2027-11-23", "5 2026-11-23", "6 2026-11-23"],
            days.Select(row => $"{row[0]} {row[1]}"));
        Assert.Equal(5, (await sink.StatusAsync()).DuplicatesDropped);
    }

    private async Task WriteAsync(long number, long time, bool saved)
    {
        _fixture.Log.Add(Json.Deposit("a", number), time);
        var sink = await _fixture.OpenAsync(time: new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(time)));
        await sink.DrainAsync();
        if (saved) await sink.CloseAsync();
        else await sink.KillAsync();
    }
}
