using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Tls;

namespace Banking.Silo.Tests.Cluster;

/// <summary>A silo is reachable from other machines only where it asks who calls.</summary>
public sealed class ClusterSettingsTests
{
    private static readonly TlsSettings Tls = new() { Certificate = "host1.pem", Key = "host1.key", Authority = "authority.pem" };

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.2")]
    [InlineData("::1")]
    public void Problem_WhenTheAddressIsTheLoopback_IsNoneWithoutTls(string address) =>
        Assert.Null(new ClusterSettings { Address = address }.Problem());

    [Theory]
    [InlineData("10.0.0.5")]
    [InlineData("fd00::5")]
    public void Problem_WhenOthersReachTheAddress_IsNoneWithTlsOnly(string address)
    {
        Assert.Null(new ClusterSettings { Address = address, Tls = Tls }.Problem());
        Assert.Contains(
            $"Banking:Cluster:Address {address} makes silo and gateway reachable from other machines",
            new ClusterSettings { Address = address }.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_WhenItListensOnAny_IsNoneWithTlsOnly()
    {
        Assert.Null(new ClusterSettings { ListenOnAny = true, Tls = Tls }.Problem());
        Assert.StartsWith(
            "Banking:Cluster:ListenOnAny makes silo and gateway reachable", new ClusterSettings { ListenOnAny = true }.Problem(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("host1")]
    [InlineData("1")]
    [InlineData("010.0.0.5")]
    [InlineData("10.0.0.5:11111")]
    public void Problem_WhenTheAddressIsNone_SaysSo(string address) =>
        Assert.Equal(
            $"Banking:Cluster:Address must be an IP address such as 10.0.0.5, not '{address}'.",
            new ClusterSettings { Address = address, Tls = Tls }.Problem());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Problem_WhenNobodyCanConnectToTheAddress_PointsToListenOnAny(string address) =>
        Assert.Contains(
            "Banking:Cluster:ListenOnAny", new ClusterSettings { Address = address, Tls = Tls }.Problem(), StringComparison.Ordinal);

    [Fact]
    public void TlsFiles_WhenSomeAreSet_NamesWhatIsMissing()
    {
        var refusal = Assert.Throws<TlsFilesException>(
            () => new ClusterSettings { Tls = new TlsSettings { Certificate = "host1.pem", Authority = "authority.pem" } }.TlsFiles());

        Assert.StartsWith("Banking:Cluster:Tls:Key is not set", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Create_WhenACertificateIsMissing_StopsTheStartWithASentence()
    {
        string[] args =
            ["--Banking:Cluster:Tls:Certificate", "/nowhere/host1.pem", "--Banking:Cluster:Tls:Key", "/nowhere/host1.key",
                "--Banking:Cluster:Tls:Authority", "/nowhere/authority.pem"];

        var failure = Assert.Throws<TlsFilesException>(() => BankingApplication.Create(args));

        Assert.StartsWith(
            "Banking:Cluster:Tls:Authority: /nowhere/authority.pem can't be read", StartFaults.SentenceOf(failure),
            StringComparison.Ordinal);
    }
}
