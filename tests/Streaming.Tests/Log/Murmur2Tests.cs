using System.Text;
using Banking.Streaming.Log;

namespace Banking.Streaming.Tests.Log;

public sealed class Murmur2Tests
{
    // The vectors of UtilsTest.testMurmur2 of Apache Kafka's Java client.
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hash_WhenTheKeyIsKnownToKafka_ThenItIsTheSame(string key, int expected) =>
        Assert.Equal(expected, (int)Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void Partition_WhenTheHashIsNegative_ThenTheSignIsMaskedAsKafkaDoes() =>
        Assert.Equal((-973932308 & 0x7fffffff) % 7, Murmur2.Partition("21"u8, 7));
}
