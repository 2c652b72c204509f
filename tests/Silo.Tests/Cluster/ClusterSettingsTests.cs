using Banking.Silo.Hosting;
using Banking.Silo.Settings;
using Banking.Tls;

namespace Banking.Silo.Tests.Cluster;

/// <summary>A silo is reachable from other machines only where it asks who calls.</summary>
public sealed class ClusterSettingsTests
{
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
        Assert.Null(WithTls(new ClusterSettings { Address = address }).Problem());
        Assert.Contains(
            $"Banking:Cluster:Address {address} makes silo and gateway reachable from other machines",
            new ClusterSettings { Address = address }.Problem(), StringComparison.Ordinal);
    }

    [Fact]
    public void Problem_WhenItListensOnAny_IsNoneWithTlsOnly()
    {
        Assert.Null(WithTls(new ClusterSettings { ListenOnAny = true }).Problem());
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
            WithTls(new ClusterSettings { Address = address }).Problem());

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void Problem_WhenNobodyCanConnectToTheAddress_PointsToListenOnAny(string address) =>
        Assert.Contains(
            "Banking:Cluster:ListenOnAny", WithTls(new ClusterSettings { Address = address }).Problem(), StringComparison.Ordinal);

    [Fact]
    public void TlsFiles_WhenSomeAreSet_NamesWhatIsMissing()
    {
        var settings = new ClusterSettings { Tls = { Certificate = "host1.pem", Authority = "authority.pem" } };

        var refusal = Assert.Throws<TlsFilesException>(settings.TlsFiles);

        Assert.StartsWith("Banking:Cluster:Tls:Key is not set", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(refusal.Message, settings.Problem());
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

    private static ClusterSettings WithTls(ClusterSettings settings)
    {
        (settings.Tls.Certificate, settings.Tls.Key, settings.Tls.Authority) = ("host1.pem", "host1.key", "authority.pem");
        return settings;
    }
}
