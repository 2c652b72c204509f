using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Banking.Tls.Tests;

/// <summary>An authority of a test's own, which issues certificates and writes them as the PEM files that silos and clients read.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string ServerAuth = "1.3.6.1.5.5.7.3.1";
    public const string ClientAuth = "1.3.6.1.5.5.7.3.2";

    private readonly DateTimeOffset _now;

    public TestAuthority(string name, DateTimeOffset now)
    {
        _now = now;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Certificate = AuthorityRequest(name, key).CreateSelfSigned(now.AddYears(-1), now.AddYears(10));
    }

    private TestAuthority(X509Certificate2 certificate, DateTimeOffset now) => (Certificate, _now) = (certificate, now);

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>What peers trust.</summary>
    public X509Certificate2Collection Public => [X509CertificateLoader.LoadCertificate(Certificate.RawData)];

    /// <summary>An authority that this one vouches for.</summary>
    public TestAuthority Below(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = AuthorityRequest(name, key).Create(Certificate, _now.AddDays(-30), _now.AddYears(5), [7]);
        return new TestAuthority(certificate.CopyWithPrivateKey(key), _now);
    }

    /// <summary>A certificate of a silo.</summary>
    public X509Certificate2 Issue(string name) => Issue(name, ServerAuth, ClientAuth);

    /// <summary>A certificate with its private key, valid from a day before to a month after now.</summary>
    public X509Certificate2 Issue(string name, params string[] usages)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        if (usages.Length > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. usages.Select(usage => new Oid(usage))], false));
        }
        using var certificate = request.Create(Certificate, _now.AddDays(-1), _now.AddMonths(1), Guid.NewGuid().ToByteArray());
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Writes what a process with that certificate needs into a folder; the settings' prefix is the caller's.</summary>
    public TlsFiles Write(string folder, string prefix, X509Certificate2 certificate)
    {
        string File(string kind) => Path.Combine(folder, $"{certificate.GetNameInfo(X509NameType.SimpleName, false)}-{kind}.pem");
        var files = new TlsFiles(prefix, File("certificate"), File("key"), File("authority"));
        using var key = certificate.GetECDsaPrivateKey()!;
        System.IO.File.WriteAllText(files.Certificate, certificate.ExportCertificatePem());
        System.IO.File.WriteAllText(files.Key, key.ExportPkcs8PrivateKeyPem());
        System.IO.File.WriteAllText(files.Authority, Certificate.ExportCertificatePem());
        return files;
    }

    public void Dispose() => Certificate.Dispose();

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        return request;
    }
}
