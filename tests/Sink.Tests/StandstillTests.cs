using Banking.Lake.Catalog;
using Banking.Lake.Hdfs;
using Banking.Lake.Hive;
using Banking.Servers;
using Banking.Sink.Hosting;

namespace Banking.Sink.Tests;

/// <summary>Real servers that stand still (SIGSTOP): nobody waits longer than the bounds, and all goes on when they do.</summary>
[Collection(RealServers.Killed)]
public sealed class StandstillTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("hdfs-namenode")]
    [InlineData("hdfs-datanode")]
    public async Task Stage_WhenANodeStandsStill_ThenThrowsInTimeAndGoesOnLater(string node)
    {
        var stack = await RealServers.Mortal("hdfs", "hive");
        await using var folder = new HdfsFolder(stack.WebHdfs, $"/tests/lake-{Guid.NewGuid():N}");
        var options =
            new WebHdfsOptions
            {
                User = HdfsFolder.User,
                RequestTimeout = TimeSpan.FromSeconds(1),
                UploadTimeout = TimeSpan.FromSeconds(3),
                Retries = 2
            };
        using var store = new WebHdfsLakeStore(WebHdfsAddress.Parse(folder.Root), options, TimeProvider.System);
        await Eventually.True(TryStageAsync, "HDFS takes a file");
        await stack.Pause(node);
        try
        {
            await Assert.ThrowsAnyAsync<IOException>(() => StageAsync("_staging/b").WaitAsync(Bound, TimeProvider.System, Token));
        }
        finally
        {
            await stack.Resume(node);
        }

        await Eventually.True(TryStageAsync, "HDFS takes files again");

        Task<long> StageAsync(string path) => store.StageAsync(
            path, (stream, token) => stream.WriteAsync(new byte[1 << 20], token).AsTask(), Token);

        async Task<bool> TryStageAsync()
        {
            try
            {
                return await StageAsync($"_staging/{Guid.NewGuid():N}") == 1 << 20;
            }
            catch (HdfsAwayException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task Metastore_WhenItStandsStill_ThenThrowsInTimeAndGoesOnLater()
    {
        var stack = await RealServers.Mortal("hdfs", "hive");
        using var catalog = new HiveLakeCatalog(
            new MetastoreConnection(
                MetastoreAddress.TryParse("thrift://" + stack.Metastore)!,
                new MetastoreTimeouts(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)), TimeProvider.System),
            "default",
            LakeCatalogs.LocationOf("webhdfs://localhost/tests/standstill", null),
            TimeProvider.System);
        await Eventually.True(TryAsync, "the metastore answers");
        await stack.Pause("hive");
        try
        {
            var failure = await Assert.ThrowsAsync<CatalogException>(
                () => catalog.EnsureDatabaseAsync(Token).WaitAsync(Bound, TimeProvider.System, Token));
            Assert.True(failure.IsAway);
        }
        finally
        {
            await stack.Resume("hive");
        }

        await Eventually.True(TryAsync, "the metastore answers again");

        async Task<bool> TryAsync()
        {
            try
            {
                await catalog.EnsureDatabaseAsync(Token);
                return true;
            }
            catch (CatalogException)
            {
                return false;
            }
        }
    }
}
