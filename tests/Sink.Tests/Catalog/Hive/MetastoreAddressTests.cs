using Banking.Lake.Hive;

namespace Banking.Sink.Tests.Catalog.Hive;

public sealed class MetastoreAddressTests
{
    [Theory]
    [InlineData("thrift://host:9083", "thrift://host:9083")]
    [InlineData("thrift://host", "thrift://host:9083")]
    [InlineData("thrift://a:1/, thrift://b:2", "thrift://a:1 thrift://b:2")]
    [InlineData("thrift://[::1]:9083", "thrift://[::1]:9083")]
    public void TryParse_WhenItIsOne_ThenThis(string text, string addresses) =>
        Assert.Equal(addresses, string.Join(' ', MetastoreAddress.TryParse(text)!.Select(a => a.ToString())));

    [Theory]
    [InlineData("")]
    [InlineData("host:9083")]
    [InlineData("http://host:9083")]
    [InlineData("thrift://host:9083/database")]
    [InlineData("thrift://me@host:9083")]
    [InlineData("thrift://host:0")]
    [InlineData("thrift://host:9083,")]
    [InlineData("thrift:host")]
    public void TryParse_WhenItIsNone_ThenNull(string text) => Assert.Null(MetastoreAddress.TryParse(text));
}
