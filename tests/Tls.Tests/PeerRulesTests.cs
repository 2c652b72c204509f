using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Time.Testing;

namespace Banking.Tls.Tests;

public sealed class PeerRulesTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2030, 5, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly FakeTimeProvider _clock = new(Now);
    private readonly TestAuthority _authority = new("authority", Now);
    private readonly TestAuthority _other = new("other", Now);

    private PeerRules Rules => new(_authority.Public, _clock);

    public void Dispose()
    {
        _authority.Dispose();
        _other.Dispose();
    }

    [Theory]
    [InlineData(PeerRole.Silo)]
    [InlineData(PeerRole.Client)]
    public void ProblemOf_WhenASilosCertificateIsTheAuthoritys_IsNone(PeerRole role)
    {
        using var certificate = _authority.Issue("any name at all");

        Assert.Null(Rules.ProblemOf(certificate, role));
    }

    [Fact]
    public void ProblemOf_WhenACertificateIsAClients_IsNoneForAClientAndOneForASilo()
    {
        using var certificate = _authority.Issue("game", TestAuthority.ClientAuth);

        Assert.Null(Rules.ProblemOf(certificate, PeerRole.Client));
        Assert.Equal("does not name the extended key usage serverAuth", Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Theory]
    [InlineData(TestAuthority.ServerAuth)]
    [InlineData("1.3.6.1.5.5.7.3.3")]
    public void ProblemOf_WhenTheUsageIsAnother_NamesTheOneThatIsMissing(string usage)
    {
        using var certificate = _authority.Issue("host1", usage);

        Assert.Equal("does not name the extended key usage clientAuth", Rules.ProblemOf(certificate, PeerRole.Client));
    }

    [Fact]
    public void ProblemOf_WhenNoUsageIsNamed_IsOne()
    {
        using var certificate = _authority.Issue("host1", []);

        Assert.Equal("does not name the extended key usage clientAuth", Rules.ProblemOf(certificate, PeerRole.Client));
    }

    [Fact]
    public void ProblemOf_WhenAnotherAuthorityIssuedIt_IsOne()
    {
        using var certificate = _other.Issue("host1");

        Assert.Equal("was not issued by the authority", Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenAnotherAuthorityOfTheSameNameIssuedIt_IsOne()
    {
        using var impostor = new TestAuthority("authority", Now);
        using var certificate = impostor.Issue("host1");

        Assert.NotNull(Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenItIsSelfSigned_IsOne()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=host1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(TestAuthority.ServerAuth), new Oid(TestAuthority.ClientAuth)], false));
        using var certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));

        Assert.Equal("was not issued by the authority", Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenItHasExpired_SaysWhen()
    {
        using var certificate = _authority.Issue("host1");
        _clock.Advance(TimeSpan.FromDays(40));

        Assert.Equal("expired at 2030-06-01 12:00:00Z", Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenItIsNotValidYet_SaysFromWhenOn()
    {
        using var certificate = _authority.Issue("host1");
        var early = new PeerRules(_authority.Public, new FakeTimeProvider(Now.AddDays(-2)));

        Assert.Equal("is not valid before 2030-04-30 12:00:00Z", early.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhileOneAuthorityGivesWayToAnother_IsNoneForBoth()
    {
        var both = new PeerRules([.. _authority.Public, .. _other.Public], _clock);
        using var old = _authority.Issue("host1");
        using var replaced = _other.Issue("host1");

        Assert.Null(both.ProblemOf(old, PeerRole.Silo));
        Assert.Null(both.ProblemOf(replaced, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenAnAuthorityBelowTheRootIssuedIt_IsNoneOnlyWhereBothAreGiven()
    {
        using var below = _authority.Below("below");
        using var certificate = below.Issue("host1");

        Assert.Null(new PeerRules([.. _authority.Public, .. below.Public], _clock).ProblemOf(certificate, PeerRole.Silo));
        Assert.Equal("was not issued by the authority", Rules.ProblemOf(certificate, PeerRole.Silo));
    }

    [Fact]
    public void ProblemOf_WhenASilosOwnCertificateIssuedIt_IsOne()
    {
        using var silo = _authority.Issue("host1");
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=host2", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(
            new X509EnhancedKeyUsageExtension([new Oid(TestAuthority.ServerAuth), new Oid(TestAuthority.ClientAuth)], false));
        using var signer = silo.GetECDsaPrivateKey()!;
        using var certificate = request.Create(
            silo.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), Now.AddDays(-1), Now.AddDays(1), [9]);

        var rules = new PeerRules([.. _authority.Public, X509CertificateLoader.LoadCertificate(silo.RawData)], _clock);

        Assert.NotNull(rules.ProblemOf(certificate, PeerRole.Silo));
    }
}
