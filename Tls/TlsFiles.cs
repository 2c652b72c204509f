namespace Banking.Tls;

/// <summary>The paths of the certificate, the private key and the authorities, in PEM.</summary>
/// <param name="Prefix">What the names of the three settings begin with, also in sentences about them.</param>
/// <param name="Certificate">The process's own certificate, the first in the file.</param>
/// <param name="Key">Its private key, without a password.</param>
/// <param name="Authority">The certificates of one authority or of several, such as an old and a new one.</param>
public sealed record TlsFiles(string Prefix, string Certificate, string Key, string Authority)
{
    /// <returns>Null if none of the three is set.</returns>
    /// <exception cref="TlsFilesException">Some of them are set, but not all.</exception>
    public static TlsFiles? Of(string prefix, string? certificate, string? key, string? authority)
    {
        (string Name, string? Path)[] files = [(nameof(Certificate), certificate), (nameof(Key), key), (nameof(Authority), authority)];
        var missing = Array.FindAll(files, file => string.IsNullOrEmpty(file.Path));
        if (missing.Length == files.Length) return null;
        if (missing.Length > 0)
            throw new TlsFilesException($"{prefix}{missing[0].Name} is not set: Certificate, Key and Authority go together.");
        return new TlsFiles(prefix, certificate!, key!, authority!);
    }
}

/// <summary>
/// Certificate, key or authority can't be used; the message is a sentence that names the setting, and contains nothing of the key.
/// </summary>
public sealed class TlsFilesException : Exception
{
    public TlsFilesException(string message)
        : base(message)
    {
    }

    public TlsFilesException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
