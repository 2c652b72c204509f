using Banking.Sink.Tests.Support;
using Banking.Streaming;

namespace Banking.Sink.Tests.Partitions;

/// <summary>The group's offset says more than the lake has: an older copy of the lake, or somebody moved the group.</summary>
public sealed class LakeWentBackTests : IDisposable
{
    private readonly SinkFixture _fixture = new();
    private readonly TemporaryFolder _copy = new(inMemory: true);

    public void Dispose()
    {
        _fixture.Dispose();
        _copy.Dispose();
    }

    [Theory]
    [InlineData(false, FailurePolicy.Skip)]
    [InlineData(true, FailurePolicy.Skip)]
    [InlineData(false, FailurePolicy.DeadLetter)]
    [InlineData(true, FailurePolicy.DeadLetter)]
    public async Task OpenAsync_WhenTheLakeIsAnOlderCopy_ThenItIsFilledFromTheLog(bool ofAnEarlierBuild, FailurePolicy policy)
    {
        _fixture.Options.UnreadablePolicy = policy;
        AddMixed(11);
        await DrainAsync();
        FolderCopy.Make(_fixture.Root, _copy.Path);
        AddMixed(10);
        await DrainAsync();

        FolderCopy.PutBack(_copy.Path, _fixture.Root);
        if (ofAnEarlierBuild) await OldLake.StripEvidenceAsync(_fixture.Root);
        await DrainAsync();

        await LakeAudit.AssertExactlyOnceAsync(_fixture);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0L)]
    [InlineData(18L)]
    [InlineData(1_000_000L)]
    public async Task OpenAsync_WhenTheGroupWasMoved_ThenNothingIsMissingAndTheGroupIsPutRight(long? to)
    {
        AddMixed(6);
        await DrainAsync();
        AddMixed(12);
        _fixture.Log.Committed = to;

        var sink = await _fixture.OpenAsync();
        await sink.TickAsync();
        Assert.True(_fixture.Log.Committed <= 6);
        await sink.DrainAsync();

        await LakeAudit.AssertExactlyOnceAsync(_fixture);
    }

    [Fact]
    public async Task OpenAsync_WhenATablesNewestFilesAreMissing_ThenTheyAreMadeAgain()
    {
        AddMixed(12);
        await DrainAsync();
        AddMixed(12);
        await DrainAsync();

        // Its claims say that it has more.
        File.Delete(
            Directory.EnumerateFiles(
                Path.Combine(_fixture.Root, "cash_transactions"), "*.parquet", SearchOption.AllDirectories).Max(StringComparer.Ordinal)!);
        File.Delete(
            Directory.EnumerateFiles(
                Path.Combine(_fixture.Root, "cash_transactions"), "*.parquet", SearchOption.AllDirectories).Max(StringComparer.Ordinal)!);
        await DrainAsync();

        await LakeAudit.AssertExactlyOnceAsync(_fixture);
    }

    private async Task DrainAsync()
    {
        var sink = await _fixture.OpenAsync();
        await sink.DrainAsync();
        await sink.CloseAsync();
    }

    private void AddMixed(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var number = _fixture.Log.Records.Count;
            _fixture.Log.Add(number % 3 == 0 ? Json.Inquiry() : Json.Deposit("a", number + 1), Json.Noon + number);
        }
    }
}
