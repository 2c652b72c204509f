using Banking.Lake.Events;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using Banking.Sink.Tests.Support;

namespace Banking.Sink.Tests.Files;

public sealed class FileDraftTests : IDisposable
{
    private const int RowGroupRows = 10;
    private const int Rows = 35;
    private static readonly LakeTable Table = LakeTables.All.Single(table => table.Name == "cash_transactions");
    private readonly TemporaryFolder _folder = new(inMemory: true);
    private readonly ParquetEncoder _encoder = new(RowGroupRows);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(13)]
    [InlineData(34)]
    public async Task EncodeAsync_WhenRowsWereEncodedBefore_ThenTheFileHasThoseFromTheFirstWanted(int from)
    {
        using var loose = Fill(encode: false);
        using var encoded = Fill(encode: true);
        await WriteAsync("first", encoded, 0, start: 0);

        await WriteAsync("expected", loose, from, start: 5);
        await WriteAsync("actual", encoded, from, start: 5);

        using var lake = new DuckLake(_folder.Path);
        var differences = lake.Query(
            Table.Name,
            $"with e as (from '{_folder.Path}/expected.parquet'), a as (from '{_folder.Path}/actual.parquet')"
            + " select (select count(*) from (from e except all from a)), (select count(*) from (from a except all from e)), (select "
            + "count(*) from a), (select list(log_offset order by file_row_number) = list_sort(list(log_offset)) from "
            + $"read_parquet('{_folder.Path}/actual.parquet', file_row_number = true))");
        Assert.Equal([0L, 0L, (long)Rows - from, true], differences.Single());
        var footers = lake.Query(
            Table.Name,
            $"select decode(value) from parquet_kv_metadata('{_folder.Path}/actual.parquet') where decode(key) in ('banking.start', "
                + "'banking.rows') order by decode(key)");
        Assert.Equal([$"{Rows - from}", "5"], footers.Select(row => row[0]));
    }

    [Fact]
    public async Task EncodeAsync_WhenAskedAgainForTheSame_ThenGivesTheSameBytes()
    {
        using var rows = Fill(encode: true);

        await WriteAsync("first", rows, 0, start: 0);
        await WriteAsync("second", rows, 0, start: 0);

        Assert.Equal(
            await File.ReadAllBytesAsync($"{_folder.Path}/first.parquet", Token),
            await File.ReadAllBytesAsync($"{_folder.Path}/second.parquet", Token));
    }

    [Fact]
    public async Task Bytes_WhenRowsAreEncoded_ThenAreThoseOfTheFileAndLess()
    {
        using var loose = Fill(encode: false);
        using var encoded = Fill(encode: true);
        await encoded.Encoding;

        Assert.Equal(0, encoded.BytesUnderWay);
        Assert.InRange(encoded.Bytes, encoded.Draft!.Bytes, loose.Bytes);
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _folder.Dispose();
    }

    private RowBuffer Fill(bool encode)
    {
        var parser = new EventParser();
        var rows = new RowBuffer(Table, new DateOnly(2026, 11, 23), DateTimeOffset.UnixEpoch);
        for (var i = 0; i < Rows; i++)
        {
            Assert.True(parser.TryParse(new LakeRecord(i, Json.Noon, Json.Deposit($"player-{i % 7}", i + 1, i)), 0));
            rows.Add(parser.Event, -1, DateTimeOffset.UnixEpoch);
            if (encode && (rows.LooseRows == RowGroupRows || i == Rows - 1)) _ = rows.EncodeGroupAsync(_encoder);
        }

        rows.Seal(Rows - 1);
        return rows;
    }

    private async Task WriteAsync(string name, RowBuffer rows, int from, long start)
    {
        var footer = new FileFooter(Table.Name, new ChainId("log", 0), start, Rows - 1, Rows - from, DateTimeOffset.UnixEpoch);
        using var file = await _encoder.EncodeAsync(rows, from, footer, Token);
        await using var output = File.Create($"{_folder.Path}/{name}.parquet");
        await file.WriteToAsync(output, Token);
    }
}
