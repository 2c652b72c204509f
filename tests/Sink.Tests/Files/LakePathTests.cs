using Banking.Lake.Evidence;
using Banking.Lake.Files;
using Banking.Lake.Tables;
using CsCheck;

namespace Banking.Sink.Tests.Files;

public sealed class LakePathTests
{
    private static readonly DateOnly Day = new(2026, 11, 23);

    [Fact]
    public void File_WhenNamed_ThenCarriesTheStartOffsetOnly() => Assert.Equal(
        "cash_transactions/dt=2026-11-23/events-4f2a-p003-00000000000000012345.parquet",
        LakePath.File(LakeTables.CashTransactions, Day, new ChainId("4f2a", 3), 12345));

    [Fact]
    public void TryParseFile_WhenTheNameIsOfThisChain_ThenIsItsStart() => Gen.Select(Gen.Long[0, long.MaxValue], Gen.Int[0, 5000]).Sample(
        (start, partition) =>
        {
            var chain = new ChainId("a-p001-b", partition);
            var name = LakePath.File(LakeTables.CashTransactions, Day, chain, start).Split('/')[^1];
            return LakePath.TryParseFile(name, chain, out var read) && read == start;
        });

    [Theory]
    [InlineData("events-4f2a-p004-00000000000000012345.parquet")]
    [InlineData("events-4f2b-p003-00000000000000012345.parquet")]
    [InlineData("events-4f2a-p003-12345.parquet")]
    [InlineData("events-4f2a-p003-0000000000000001234x.parquet")]
    [InlineData("events-4f2a-p003-.parquet")]
    [InlineData("events-4f2a-p003-")]
    public void TryParseFile_WhenTheNameIsNotOfThisChain_ThenRefuses(string name) =>
        Assert.False(LakePath.TryParseFile(name, new ChainId("4f2a", 3), out _));

    [Fact]
    public void FromMetadata_WhenWrittenByToMetadata_ThenIsTheSame()
    {
        var footer = new FileFooter(
            "asset_prices", new ChainId("4f2a", 3), 10, 20, 5, new DateTimeOffset(2026, 11, 23, 1, 2, 3, TimeSpan.Zero));

        Assert.Equal(footer, FileFooter.FromMetadata(footer.ToMetadata()));
        var evidence = new SealEvidence(new RecordMark(20, -5, ulong.MaxValue), new(15, "a=1;b=2"), new(21, "a=3;b=2"));
        Assert.Equal(footer with { Evidence = evidence }, FileFooter.FromMetadata((footer with { Evidence = evidence }).ToMetadata()));
    }
}
