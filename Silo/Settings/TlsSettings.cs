namespace Banking.Silo.Settings;

/// <summary>Mutual TLS between silos and at the gateway: all three PEM files, or none.</summary>
public sealed class TlsSettings
{
    /// <summary>This silo's, with the extended key usages <c>serverAuth</c> and <c>clientAuth</c>.</summary>
    public string? Certificate { get; set; }

    /// <summary>The certificate's private key, without a password.</summary>
    public string? Key { get; set; }

    /// <summary>The authority that issued all silos' and clients' certificates; several while one gives way to another.</summary>
    public string? Authority { get; set; }
}
