namespace Banking.Sink.Catalog;

/// <summary>The catalog is away, or refused; the message ends with its own sentence.</summary>
public sealed class CatalogException(string message, Exception cause) : IOException(message, cause);
