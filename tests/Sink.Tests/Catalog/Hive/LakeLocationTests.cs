using Banking.Lake.Hive;
using Banking.Sink.Hosting;

namespace Banking.Sink.Tests.Catalog.Hive;

/// <summary>One root under several names.</summary>
public sealed class LakeLocationTests
{
    [Theory]
    [InlineData("webhdfs://a:9870,b:9870/banking", null, "/banking/t")]
    [InlineData("webhdfs://a:9870/banking", "hdfs://nn:9000/banking/", "hdfs://nn:9000/banking/t")]
    [InlineData("/srv/lake", null, "file:/srv/lake/t")]
    public void FolderOf_WhenTheRootIs_ThenThis(string root, string? location, string folder) =>
        Assert.Equal(folder, LakeCatalogs.LocationOf(root, location).FolderOf("t"));

    [Theory]
    [InlineData(null, "hdfs://nn:9000/banking/t", "hdfs://nn:9000/banking")]
    [InlineData(null, "/banking/t/", "/banking")]
    [InlineData(null, "hdfs://nn:9000/other/banking/t", null)]
    [InlineData(null, "hdfs://nn:9000/banking/t/x", null)]
    [InlineData("hdfs://nn:9000/banking", "hdfs://nn:9000/banking/t", "hdfs://nn:9000/banking")]
    [InlineData("hdfs://nn:9000/banking", "hdfs://other:9000/banking/t", null)]
    [InlineData("hdfs://nn:9000/banking", "/banking/t", null)]
    [InlineData("file:///banking", "file:/banking/t", "file:/banking")]
    [InlineData("hdfs://nn:9000/banking", "", null)]
    public void RootOf_WhenTheMetastoreSays_ThenThis(string? location, string there, string? root) =>
        Assert.Equal(root, LakeCatalogs.LocationOf("webhdfs://host/banking", location).RootOf(there, "t"));

    [Theory]
    [InlineData("hdfs://nn:9000/banking", true)]
    [InlineData("file:/srv/lake", true)]
    [InlineData("s3a://bucket/banking", true)]
    [InlineData("/banking", false)]
    [InlineData("banking", false)]
    [InlineData("hdfs://nn", false)]
    [InlineData("hdfs:banking", false)]
    [InlineData("", false)]
    public void IsUrl_WhenTheTextIs_ThenThis(string text, bool isOne) => Assert.Equal(isOne, LakeLocation.IsUrl(text));
}
