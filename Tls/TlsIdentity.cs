using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Banking.Tls;

/// <summary>
/// The certificate that a process shows to its peers, and what it requires of theirs. The files are read once: a new certificate takes
/// effect after a restart.
/// </summary>
public sealed class TlsIdentity
{
    private TlsIdentity(X509Certificate2 certificate, PeerRules peers) => (Certificate, Peers) = (certificate, peers);

    /// <summary>The certificate with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    public PeerRules Peers { get; }

    /// <summary>Reads the files, and makes sure that peers with the same authority will accept the certificate in its role.</summary>
    /// <exception cref="TlsFilesException">They would not accept it, or a file can't be read.</exception>
    public static TlsIdentity Load(TlsFiles files, PeerRole role, TimeProvider time)
    {
        var peers = new PeerRules(Certificates(nameof(files.Authority), files.Authority, files.Prefix), time);
        var certificate = Certificates(nameof(files.Certificate), files.Certificate, files.Prefix)[0];
        if (peers.ProblemOf(certificate, role) is { } problem)
            throw new TlsFilesException(
                $"{files.Prefix}{nameof(files.Certificate)}: the certificate {certificate.Subject} in {files.Certificate} {problem}.");
        return new TlsIdentity(WithKey(certificate, files), peers);
    }

    private static X509Certificate2Collection Certificates(string setting, string path, string prefix)
    {
        var name = prefix + setting;
        var text = Read(name, path);
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(text);
        }
        catch (CryptographicException e)
        {
            throw new TlsFilesException($"{name}: {path} holds a certificate that can't be read.", e);
        }

        return certificates.Count > 0 ? certificates : throw new TlsFilesException($"{name}: {path} holds no certificate in PEM.");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, TlsFiles files)
    {
        var name = files.Prefix + nameof(files.Key);
        var key = Read(name, files.Key);
        if (key.Contains("ENCRYPTED", StringComparison.Ordinal))
            throw new TlsFilesException(
                $"{name}: the private key in {files.Key} has a password; it must have none, and be readable by this user only.");
        try
        {
            using var ephemeral = X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), key);

            // SChannel does not sign with a key that is only in memory.
            return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new TlsFilesException(
                $"{name}: {files.Key} does not hold the private key of the certificate in {files.Certificate}, in PEM.");
        }
    }

    private static string Read(string name, string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TlsFilesException($"{name}: {path} can't be read: {e.Message}", e);
        }
    }
}
