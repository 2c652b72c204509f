namespace Banking.Tls;

/// <summary>
/// Certificate, key or authority can't be used; the message is a sentence that names the setting, and nothing of the key.
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
