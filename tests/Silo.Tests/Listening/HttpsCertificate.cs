using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Banking.Silo.Tests.Listening;

internal static class HttpsCertificate
{
    /// <summary>Writes a new certificate of 127.0.0.1 and its key to a folder, as <c>http.pem</c> and <c>http.key</c>.</summary>
    public static X509Certificate2 Write(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        File.WriteAllText(Path.Combine(folder, "http.key"), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "http.pem"), certificate.ExportCertificatePem());
        return certificate;
    }
}
