namespace Banking.Storage.GroupCommit;

/// <param name="Version">0 if the row never existed.</param>
/// <param name="Payload">Null if there is no state: never written, or cleared.</param>
internal readonly record struct StoredState(long Version, byte[]? Payload);
