using System.Text;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Provider;

public sealed class ImplicitSubscriptionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task OnNext_WhenAGrainIsSubscribed_ThenItGetsEveryItemInOrder()
    {
        await using var cluster = await StreamCluster.Start(_folder.File());
        var stream = cluster.Stream<string>("items", "in-order.a");

        for (var i = 0; i < 100; i++) await stream.OnNextAsync($"item {i}");

        var sighting = Sightings.Of("in-order");
        await Condition.Until(() => sighting.Items.Length >= 100, "100 items");
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"item {i}"), sighting.Items.Select(item => item.Item));
    }

    [Fact]
    public async Task Append_WhenARecordIsForeign_ThenThePartitionsStreamGetsIt()
    {
        await using var cluster = await StreamCluster.Start(_folder.File());
        PartitionResume.Clear();

        await cluster.Log.AppendAsync(2, [new NewLogRecord(default, Encoding.UTF8.GetBytes("{}"), [])], TestContext.Current.CancellationToken);

        await Condition.Until(() => PartitionResume.Records("2").Length == 1, "the record");
        Assert.Equal("{}", Encoding.UTF8.GetString(PartitionResume.Records("2")[0].Value.Span));
    }
}
