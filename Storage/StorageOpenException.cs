namespace Banking.Storage;

/// <summary>The database can't be used; the message names it and says why. It stops the silo's start.</summary>
[GenerateSerializer, Alias("banking.storage-open")]
public sealed class StorageOpenException(string message, Exception? inner = null) : Exception(message, inner);
