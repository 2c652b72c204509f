namespace Banking.Storage;

/// <summary>A state that could not be read.</summary>
[GenerateSerializer, Alias("banking.storage-read-failed")]
public sealed class StorageReadFailedException(string message, Exception? inner = null) : Exception(message, inner);
