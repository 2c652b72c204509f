using Banking.Streaming.Tests.Log;

namespace Banking.Streaming.Tests.Provider;

public abstract class PublishTests<TLog> : StreamTests<TLog>
    where TLog : ITestLog, new()
{
    [Fact]
    public async Task OnNextBatch_WhenOneRecordIsTooLarge_ThenItIsRefusedAndNothingIsAppended()
    {
        await using var cluster = await Start(configure: options => options.MaxRecordBytes = 1_000);
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
