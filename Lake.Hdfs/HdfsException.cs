namespace Banking.Lake.Hdfs;

/// <summary>HDFS refused a call; the message ends with its own sentence.</summary>
/// <param name="name">The Java exception's simple name; empty if the server gave none.</param>
/// <param name="status">The HTTP status.</param>
internal sealed class HdfsException(string message, string name, int status) : IOException(message)
{
    public string Name => name;

    public bool IsAlreadyThere => name is "FileAlreadyExistsException" or "AlreadyBeingCreatedException" or "RecoveryInProgressException";

    public bool IsNotFound => name == "FileNotFoundException";

    /// <summary>The server is older than the operation, or is HttpFS without it.</summary>
    public bool IsUnsupported => status is 400 or 501 || name is "IllegalArgumentException" or "UnsupportedOperationException";
}

/// <summary>
/// A node did not do its work now; another one may, or the same one later. Unless it said so itself, what it was asked to do is perhaps
/// done.
/// </summary>
internal sealed class HdfsAwayException(string message, Exception? cause) : IOException(message, cause);
