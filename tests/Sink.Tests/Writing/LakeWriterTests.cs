using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Store;
using Banking.Lake.Tables;
using Banking.Lake.Writing;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Writing;

/// <summary>The lake without a host: what was added is in it once, whoever wrote it and whenever they died.</summary>
public sealed class LakeWriterTests : IDisposable
{
    private static readonly ChainId Partition = new("log", 0);
    private readonly TemporaryFolder _folder = new(inMemory: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Commit_WhenTheWriterDiesAndTheLogIsReadAgain_WritesEachRowOnce()
    {
        for (var life = 0; life < 5; life++)
        {
            using var writer = await OpenAsync();
            await AddAsync(writer, from: 0, count: 40 + (life * 40), commitEvery: 25);
        }

        await AssertRowsAsync(200);
    }

    [Fact]
    public async Task Commit_WhenTwoWritersTakeTurns_WritesEachRowOnce()
    {
        using var one = await OpenAsync();
        using var other = await OpenAsync();
        for (var from = 0; from < 200; from += 20)
        {
            await AddAsync(one, from, 20, commitEvery: 10);
            await AddAsync(other, from, 20, commitEvery: 20);
        }

        await AssertRowsAsync(200);
    }

    [Fact]
    public async Task Commit_WhenAnotherWroteItAll_WritesNothing()
    {
        using var late = await OpenAsync();
        using (var first = await OpenAsync()) await AddAsync(first, 0, 50, commitEvery: 50);

        await AddAsync(late, 0, 50, commitEvery: 50);

        await AssertRowsAsync(50);
    }

    [Fact]
    public async Task Open_WhenAllTablesHaveRows_GoesOnBehindThem()
    {
        using (var writer = await OpenAsync())
        {
            byte[][] records =
            [
                Json.Deposit("a", 1),
                Json.Trade("a", 2),
                Json.Bytes("""{"event_type":"open_account"}"""),
                Json.Bytes("""{"event_type":"return_asset_price"}"""),
            ];
            for (var offset = 0; offset < records.Length; offset++) Assert.True(
                writer.Add(new LakeRecord(offset, Json.Noon, records[offset])));
            await writer.CommitAsync(Token);
        }

        using var next = await OpenAsync();

        Assert.Equal(4, next.NextOffset);
    }

    [Fact]
    public async Task Add_WhenItIsNoEvent_SaysSo()
    {
        using var writer = await OpenAsync();

        Assert.False(writer.Add(new LakeRecord(0, Json.Noon, Json.Bytes("no JSON"))));
        Assert.False(writer.Add(new LakeRecord(1, Json.Noon, Json.Bytes("""{"event_type":"something_else"}"""))));
    }

    [Fact]
    public async Task Add_WhenTheOffsetIsNotAboveTheLast_Refuses()
    {
        using var writer = await OpenAsync();
        writer.Add(new LakeRecord(7, Json.Noon, Json.Deposit("a", 1)));

        Assert.Throws<ArgumentException>(() => writer.Add(new LakeRecord(7, Json.Noon, Json.Deposit("a", 2))));
    }

    private Task<LakeWriter> OpenAsync() => LakeWriter.OpenAsync(new FolderLakeStore(_folder.Path), Partition, cancellationToken: Token);

    private static async Task AddAsync(LakeWriter writer, int from, int count, int commitEvery)
    {
        for (var offset = from; offset < from + count; offset++)
        {
            writer.Add(new LakeRecord(offset, Json.Noon, Json.Deposit("a", offset + 1)));
            if ((offset + 1 - from) % commitEvery == 0) await writer.CommitAsync(Token);
        }
    }

    private async Task AssertRowsAsync(int count)
    {
        var next = 0L;
        foreach (var (start, end) in await LakeAudit.RangesAsync(_folder.Path, LakeTables.CashTransactions))
        {
            Assert.Equal(next, start);
            next = end + 1;
        }

        Assert.Equal(count, next);
        using var lake = new DuckLake(_folder.Path);
        Assert.Equal(
            Enumerable.Range(0, count).Select(offset => (long)offset),
            lake.Query(LakeTables.CashTransactions.Name, "select log_offset from {table} order by 1").Select(row => (long)row[0]!));
    }
}
