using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Tls.Tests;

/// <summary>What is wrong with the files is said in a sentence that names the setting, and nothing of the key.</summary>
public sealed class TlsIdentityTests : IDisposable
{
    private const string Prefix = "Tls:";
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _clock = new(Now);
    private readonly TestAuthority _authority = new("authority", Now);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Load_WhenTheFilesGoTogether_HasTheCertificateWithItsKey()
    {
        var identity = TlsIdentity.Load(Files("host1"), PeerRole.Silo, _clock);

        Assert.Equal("CN=host1", identity.Certificate.Subject);
        Assert.True(identity.Certificate.HasPrivateKey);
        Assert.Null(identity.Peers.ProblemOf(identity.Certificate, PeerRole.Silo));
    }

    [Fact]
    public void Load_WhenTwoAuthoritiesAreInTheFile_AcceptsPeersOfBoth()
    {
        using var next = new TestAuthority("next", Now);
        var files = Files("host1");
        File.AppendAllText(files.Authority, "\n" + next.Certificate.ExportCertificatePem());
        using var peer = next.Issue("host2");

        Assert.Null(TlsIdentity.Load(files, PeerRole.Silo, _clock).Peers.ProblemOf(peer, PeerRole.Silo));
    }

    [Theory]
    [InlineData("Certificate")]
    [InlineData("Key")]
    [InlineData("Authority")]
    public void Load_WhenAFileIsMissing_NamesItsSetting(string setting)
    {
        var files = Files("host1");
        File.Delete(PathOf(files, setting));

        Assert.StartsWith($"Tls:{setting}: {PathOf(files, setting)} can't be read: ", Refusal(files), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Certificate", "holds no certificate in PEM.")]
    [InlineData("Key", "does not hold the private key of the certificate in ")]
    [InlineData("Authority", "holds no certificate in PEM.")]
    public void Load_WhenAFileHoldsSomethingElse_NamesItsSetting(string setting, string problem)
    {
        var files = Files("host1");
        File.WriteAllText(PathOf(files, setting), "nothing of use");

        Assert.StartsWith($"Tls:{setting}: {PathOf(files, setting)} {problem}", Refusal(files), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenACertificateIsBroken_NamesItsSetting()
    {
        var files = Files("host1");
        File.WriteAllText(files.Certificate, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");

        Assert.Equal($"Tls:Certificate: {files.Certificate} holds a certificate that can't be read.", Refusal(files));
    }

    [Fact]
    public void Load_WhenTheKeyIsAnothers_SaysSoAndNothingOfIt()
    {
        var (files, others) = (Files("host1"), Files("host2"));

        var refusal = Assert.Throws<TlsFilesException>(
            () => TlsIdentity.Load(files with { Key = others.Key }, PeerRole.Silo, _clock)).ToString();

        Assert.Contains(
            $"Tls:Key: {others.Key} does not hold the private key of the certificate in {files.Certificate}", refusal,
            StringComparison.Ordinal);
        Assert.DoesNotContain(File.ReadAllLines(others.Key)[1], refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheKeyHasAPassword_SaysThatItMustHaveNone()
    {
        var files = Files("host1");
        using var key = ECDsa.Create();
        File.WriteAllText(
            files.Key,
            key.ExportEncryptedPkcs8PrivateKeyPem(
                "geheim", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1)));

        Assert.Contains("Tls:Key: the private key in", Refusal(files), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WhenTheCertificateHasExpired_SaysWhen()
    {
        var files = Files("host1");
        _clock.Advance(TimeSpan.FromDays(60));

        Assert.Equal($"Tls:Certificate: the certificate CN=host1 in {files.Certificate} expired at 2030-06-01 12:00:00Z.", Refusal(files));
    }

    [Fact]
    public void Load_WhenTheCertificateIsAClients_IsRefusedToASiloOnly()
    {
        var files = Files("game", TestAuthority.ClientAuth);

        Assert.Contains("does not name the extended key usage serverAuth", Refusal(files), StringComparison.Ordinal);
        Assert.True(TlsIdentity.Load(files, PeerRole.Client, _clock).Certificate.HasPrivateKey);
    }

    [Fact]
    public void Load_WhenAnotherAuthorityIssuedTheCertificate_SaysSo()
    {
        using var other = new TestAuthority("other", Now);
        var files = Files("host1");
        File.WriteAllText(files.Authority, other.Certificate.ExportCertificatePem());

        Assert.Contains("was not issued by the authority", Refusal(files), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "b", "c", "Certificate")]
    [InlineData("a", "", "c", "Key")]
    [InlineData("a", "b", null, "Authority")]
    [InlineData("a", null, null, "Key")]
    public void Of_WhenOneIsNotSet_NamesIt(string? certificate, string? key, string? authority, string missing)
    {
        var refusal = Assert.Throws<TlsFilesException>(() => TlsFiles.Of(Prefix, certificate, key, authority));

        Assert.StartsWith($"Tls:{missing} is not set", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_WhenNoneIsSet_IsNull() => Assert.Null(TlsFiles.Of(Prefix, null, "", null));

    private static string PathOf(TlsFiles files, string setting) =>
        setting switch { "Certificate" => files.Certificate, "Key" => files.Key, _ => files.Authority };

    private TlsFiles Files(string name, params string[] usages)
    {
        using var certificate = usages.Length == 0 ? _authority.Issue(name) : _authority.Issue(name, usages);
        return _authority.Write(_folder.Path, Prefix, certificate);
    }

    private string Refusal(TlsFiles files) =>
        Assert.Throws<TlsFilesException>(() => TlsIdentity.Load(files, PeerRole.Silo, _clock)).Message;
}
