using Banking.Lake.Chains;
using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Support;
using CsCheck;

namespace Banking.Sink.Tests.Chains;

/// <summary>Owners of one chain whose clocks are a day apart, and whose calls of the lake come in any order.</summary>
public sealed class ChainRaceTests
{
    private const int Owners = 3;
    private const int Rows = 6;
    private static readonly LakeTable Table = LakeTables.All[0];
    private static readonly ChainId Chain = new("log", 0);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // One that read the day of a claim that a third had made anew, when the chain had long gone on.
    [Fact]
    public Task Owners_WhenAClaimIsMadeAnewBehindTheChain_ThenEveryRowIsInOneFile() => RaceAsync(-828964);

    [Fact]
    public Task Owners_WhenTheirCallsComeInAnyOrder_ThenEveryRowIsInOneFile() => Gen.Int.SampleAsync(RaceAsync, iter: 200, threads: 1);

    private static async Task RaceAsync(int seed)
    {
        var random = new Random(seed);
        using var fixture = new SinkFixture();
        using var encoder = new ParquetEncoder(100);
        var owners = new List<(OwnerTurns Turns, Task Work)>();
        for (var i = 0; i < Owners; i++)
        {
            var turns = new OwnerTurns();
            var chain = new TableChain(new StepStore(fixture.Store, turns), encoder, Table, Chain, $"owner{i}", fixture.Time);
            var day = new DateOnly(2026, 11, 1).AddDays(i);
            var choice = new Random(random.Next());
            owners.Add((turns, Task.Run(() => WriteAllAsync(chain, day, fixture.Time, choice), Token)));
        }

        await OwnerTurns.RunAsync(owners, random);

        var next = 0L;
        foreach (var (start, end) in await LakeAudit.RangesAsync(fixture.Root, Table))
        {
            Assert.Equal(next, start);
            next = end + 1;
        }

        Assert.Equal(Rows, next);
    }

    private static async Task WriteAllAsync(TableChain chain, DateOnly day, TimeProvider time, Random random)
    {
        var next = (await chain.FindTailAsync(Token)).NextStart;
        while (next < Rows)
        {
            using var rows = RowsOf(next, random.NextInt64(next, Rows), day, time.GetUtcNow());
            var commit = await chain.CommitAsync(next, rows, 0, day, Token);
            if (commit.Won) await chain.ForgetClaimsBelowAsync(next, Token);
            next = commit.Tail.NextStart;
        }
    }

    private static RowBuffer RowsOf(long first, long last, DateOnly day, DateTimeOffset now)
    {
        var rows = new RowBuffer(Table, day, now);
        var parser = new EventParser();
        for (var offset = first; offset <= last; offset++)
        {
            Assert.True(parser.TryParse(new LakeRecord(offset, Json.Noon, Json.Deposit("a", offset + 1)), 0));
            rows.Add(parser.Event, -1, now);
        }

        rows.Seal(last);
        return rows;
    }
}
