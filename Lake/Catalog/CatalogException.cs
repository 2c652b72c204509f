namespace Banking.Lake.Catalog;

/// <summary>The catalog is away, or refused; the message ends with its own sentence.</summary>
public sealed class CatalogException(string message, Exception? cause = null) : IOException(message, cause)
{
    /// <summary>Nobody answers: whatever else would be asked now would not be answered either.</summary>
    public bool IsAway { get; init; }
}
