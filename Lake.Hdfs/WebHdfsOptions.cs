using System.Security.Cryptography.X509Certificates;

namespace Banking.Lake.Hdfs;

/// <summary>How the lake identifies itself to HDFS, and how long it waits. At most one of user, token and Kerberos is set.</summary>
internal sealed record WebHdfsOptions
{
    /// <summary>Sent as <c>user.name</c>, which a cluster without security trusts.</summary>
    public string? User { get; init; }

    /// <summary>Sent with every call to a name node; must not appear in any message.</summary>
    public string? DelegationToken { get; init; }

    /// <summary>
    /// Answers SPNEGO with the ticket that the process finds (<c>kinit</c>, or a key tab through <c>KRB5_CLIENT_KTNAME</c>).
    /// </summary>
    public bool Kerberos { get; init; }

    /// <summary>The roots whose certificates are trusted with TLS; null for those that this machine trusts.</summary>
    public X509Certificate2Collection? TrustedRoots { get; init; }

    /// <summary>How long establishing a connection may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a call to a name node, or a read of <see cref="ReadWindow"/> bytes, may take.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the upload of one file may take.</summary>
    public TimeSpan UploadTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The pause before the first retry; it doubles with each, up to two seconds.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a call is tried again, on the next name node each time. The sink has its own back-off on top of that.</summary>
    public int Retries { get; init; } = 5;

    /// <summary>How many bytes are read at once, and kept in memory for each open file.</summary>
    public int ReadWindow { get; init; } = 1 << 20;
}
