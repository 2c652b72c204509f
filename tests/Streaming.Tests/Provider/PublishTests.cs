namespace Banking.Streaming.Tests.Provider;

public sealed class PublishTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OnNextBatch_WhenOneRecordIsTooLarge_ThenItIsRefusedAndNothingIsAppended()
    {
        await using var cluster = await StreamCluster.Start(_folder.File(), 1, options => options.MaxRecordBytes = 1_000);
        var stream = cluster.Stream<string>("items", "large.a");

        var refusal = await Assert.ThrowsAsync<ArgumentException>(() => stream.OnNextBatchAsync(["small", new string('x', 1_001)]));

        Assert.Contains("MaxRecordBytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, await Appended(cluster));
        await stream.OnNextBatchAsync(["small", new string('x', 900)]);
        Assert.Equal(2, await Appended(cluster));
    }

    private static async Task<long> Appended(StreamCluster cluster)
    {
        var records = 0L;
        for (var partition = 0; partition < cluster.Log.PartitionCount; partition++)
            records += (await cluster.Log.GetBoundsAsync(partition, Cancellation)).Next;
        return records;
    }
}
