using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Banking.Tls;

/// <summary>The rules at one kind of connection, where whoever is refused is logged. Thread-safe.</summary>
/// <param name="rules">Which certificates are accepted.</param>
/// <param name="role">What the peer must be.</param>
/// <param name="logger">Says who was refused and why.</param>
internal sealed partial class PeerCheck(PeerRules rules, PeerRole role, ILogger<PeerCheck> logger)
{
    /// <summary>A stranger's certificate says what it likes, at any length.</summary>
    private const int LongestSubject = 100;

    /// <summary>In the place of the system's own checks, which know other authorities and want a name.</summary>
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
