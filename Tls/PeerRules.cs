using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Banking.Tls;

/// <summary>
/// Decides which certificates are accepted: those that one of the given authorities issued, that are valid now, and that name the extended
/// key usages of their role. Any subject is accepted, as silos and clients are known by addresses, which change, and not by names. The
/// system's authorities don't count, nothing is downloaded, and revocations are not checked: to withdraw a certificate, a new authority is
/// needed. Thread-safe.
/// </summary>
/// <param name="authorities">Roots that are trusted, and authorities below them that issue certificates.</param>
/// <param name="time">Gives the current time.</param>
public sealed class PeerRules(X509Certificate2Collection authorities, TimeProvider time)
{
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1", "serverAuth");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2", "clientAuth");

    /// <summary>Why a certificate is not accepted, as the end of a sentence that begins with its name; null if it is.</summary>
    public string? ProblemOf(X509Certificate2 certificate, PeerRole role)
    {
        Oid[] usages = role == PeerRole.Silo ? [ServerAuth, ClientAuth] : [ClientAuth];
        var named = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().SelectMany(
            extension => extension.EnhancedKeyUsages.Cast<Oid>()).Select(usage => usage.Value).ToHashSet();
        if (Array.Find(usages, usage => !named.Contains(usage.Value)) is { } missing)
        {
            return $"does not name the extended key usage {missing.FriendlyName}";
        }

        var now = time.GetUtcNow();
        if (now < certificate.NotBefore) return $"is not valid before {Text(certificate.NotBefore)}";
        if (now > certificate.NotAfter) return $"expired at {Text(certificate.NotAfter)}";
        return ProblemOfChain(certificate, usages, now);
    }

    private string? ProblemOfChain(X509Certificate2 certificate, Oid[] usages, DateTimeOffset now)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(authorities);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.VerificationTime = now.UtcDateTime;
        foreach (var usage in usages) policy.ApplicationPolicy.Add(usage);
        var accepted = chain.Build(certificate);
        var status = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (var element in chain.ChainElements) element.Certificate.Dispose();
        if (accepted) return null;
        return (status & (X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot)) != 0 ? "was not issued by the authority"
            : status == X509ChainStatusFlags.NotTimeValid ? "was issued by an authority that is not valid now"
            : $"does not hold: {status}";
    }

    private static string Text(DateTime local) => local.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>What a certificate is for; its extended key usages say so.</summary>
public enum PeerRole
{
    /// <summary>The peer connects to gateways: its certificate names <c>clientAuth</c>.</summary>
    Client,

    /// <summary>
    /// The peer accepts connections and connects to other silos: its certificate names <c>serverAuth</c> and <c>clientAuth</c>. A
    /// certificate for clients only does not open a silo's port.
    /// </summary>
    Silo,
}

/// <summary>The rules for one kind of connection, where refused peers are logged. Thread-safe.</summary>
/// <param name="rules">Which certificates are accepted.</param>
/// <param name="role">What the peer must be.</param>
/// <param name="logger">Logs who was refused and why.</param>
internal sealed partial class PeerCheck(PeerRules rules, PeerRole role, ILogger<PeerCheck> logger)
{
    /// <summary>An unknown peer's certificate may contain any text, at any length.</summary>
    private const int LongestSubject = 100;

    /// <summary>Replaces the system's own checks, which know other authorities and require a name.</summary>
    public bool Accept(X509Certificate2 certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (rules.ProblemOf(certificate, role) is not { } problem) return true;
        var subject = certificate.Subject;
        LogRefused(subject.Length > LongestSubject ? subject[..LongestSubject] : subject, problem, role);
        return false;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A connection was refused: the certificate {Subject} {Problem} (asked for: that of "
        + "a {Role})")]
    private partial void LogRefused(string subject, string problem, PeerRole role);
}
