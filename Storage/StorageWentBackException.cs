namespace Banking.Storage;

/// <summary>
/// The database is not the one that it was, or is older than what it had answered, so that nothing is read or written until
/// <see cref="IStorageContinuity.Accept"/>. The inner exception of what callers get.
/// </summary>
[GenerateSerializer, Alias("banking.storage-went-back")]
public sealed class StorageWentBackException(string message) : Exception(message);
