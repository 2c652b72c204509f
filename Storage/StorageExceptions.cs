namespace Banking.Storage;

/// <summary>A write that was not made, or whose outcome is unknown. Read the state again before going on.</summary>
[GenerateSerializer, Alias("banking.storage-write-failed")]
public sealed class StorageWriteFailedException : Exception
{
    public StorageWriteFailedException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    public StorageWriteFailedException(string message, bool outcomeUnknown, Exception? inner = null) : base(message, inner) =>
        OutcomeUnknown = outcomeUnknown;

    /// <summary>True if the write may have been made nevertheless; false if certainly nothing was written.</summary>
    [Id(0)] public bool OutcomeUnknown { get; private set; }

    internal static StorageWriteFailedException Unexpected(Exception reason) =>
        new($"The transaction failed unexpectedly: {reason.Message}", outcomeUnknown: true, reason);

    /// <summary>Makes a separate exception for every caller, as throwing writes the stack trace into the exception.</summary>
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
/// The database is not the one that it was, or lacks something that it had confirmed. Nothing is read or written until
/// <see cref="IStorageContinuity.Accept"/>. This is the inner exception of what callers get.
/// </summary>
[GenerateSerializer, Alias("banking.storage-went-back")]
public sealed class StorageWentBackException(string message) : Exception(message);
