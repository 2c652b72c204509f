namespace Banking.Storage;

/// <summary>A write that was not made, or of which it can't be told. Read the state again before going on.</summary>
[GenerateSerializer, Alias("banking.storage-write-failed")]
public sealed class StorageWriteFailedException : Exception
{
    public StorageWriteFailedException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    public StorageWriteFailedException(string message, bool outcomeUnknown, Exception? inner = null) : base(message, inner) =>
        OutcomeUnknown = outcomeUnknown;

    /// <summary>True if the write may have been made all the same; false if certainly nothing was written.</summary>
    [Id(0)] public bool OutcomeUnknown { get; private set; }

    internal static StorageWriteFailedException Unexpected(Exception reason) =>
        new($"The transaction failed unexpectedly: {reason.Message}", outcomeUnknown: true, reason);

    /// <summary>An exception of its own for every caller: stack traces are written into what is thrown.</summary>
    internal StorageWriteFailedException For(string row)
    {
        var outcome = OutcomeUnknown ? "It is not known whether it was written" : "Not written";
        return new StorageWriteFailedException($"{Message} ({outcome}: {row}.)", OutcomeUnknown, InnerException);
    }
}

/// <summary>A state that could not be read.</summary>
[GenerateSerializer, Alias("banking.storage-read-failed")]
public sealed class StorageReadFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The database can't be used; the message names it and says why. It stops the silo's start.</summary>
[GenerateSerializer, Alias("banking.storage-open")]
public sealed class StorageOpenException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The database is not the one that it was, or is older than what it had answered, so that nothing is read or written until
/// <see cref="IStorageContinuity.Accept"/>. The inner exception of what callers get.
/// </summary>
[GenerateSerializer, Alias("banking.storage-went-back")]
public sealed class StorageWentBackException(string message) : Exception(message);
