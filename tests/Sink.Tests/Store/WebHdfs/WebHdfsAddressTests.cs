using Banking.Lake.Hdfs;

namespace Banking.Sink.Tests.Store.WebHdfs;

public sealed class WebHdfsAddressTests
{
    [Fact]
    public void Parse_WhenThereAreSeveralNameNodes_ThenHasAllAndThePath()
    {
        var address = WebHdfsAddress.Parse("webhdfs://one:9870,two:80,three/data/lake/");

        Assert.Equal(["http://one:9870/", "http://two/", "http://three:9870/"], address.NameNodes.Select(node => node.AbsoluteUri));
        Assert.Equal("/data/lake", address.Path);
    }

    [Fact]
    public void Parse_WhenItIsWithTls_ThenAsksByHttpsAtItsPort() =>
        Assert.Equal(
            ["https://one:9871/", "https://two/"],
            WebHdfsAddress.Parse("swebhdfs://one,two:443/lake").NameNodes.Select(node => node.AbsoluteUri));

    [Theory]
    [InlineData("swebhdfs://one:9871")]
    [InlineData("webhdfs://one:9870")]
    [InlineData("webhdfs://one:9870/")]
    [InlineData("webhdfs:///lake")]
    [InlineData("webhdfs://one:9870,/lake")]
    [InlineData("webhdfs://one:port/lake")]
    [InlineData("webhdfs://one:/lake")]
    [InlineData("webhdfs://me@one:9870/lake")]
    [InlineData("webhdfs://one:9870/lake/../other")]
    [InlineData("webhdfs://one:9870/lake?user.name=root")]
    public void Parse_WhenMalformed_ThenThrowsASentence(string root)
    {
        Assert.Throws<FormatException>(() => WebHdfsAddress.Parse(root));
        Assert.EndsWith(".", WebHdfsAddress.ProblemOf(root), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("webhdfs://localhost:9870/banking", false)]
    [InlineData("webhdfs://127.0.0.1:9870/banking", false)]
    [InlineData("webhdfs://[::1]:9870/banking", false)]
    [InlineData("webhdfs://node1:9870,node2:9870/banking", true)]
    public void Handler_ForANameNodeOnThisMachine_LeavesTheEnvironmentsProxyAlone(string root, bool usesProxy)
    {
        using var handler = WebHdfsConnection.HandlerFor(WebHdfsAddress.Parse(root), new WebHdfsOptions());

        Assert.Equal(usesProxy, handler.UseProxy);
    }
}
