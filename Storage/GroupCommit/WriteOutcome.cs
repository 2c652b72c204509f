namespace Banking.Storage.GroupCommit;

/// <param name="Version">The row's version after the transaction; 0 if it never existed.</param>
/// <param name="IsConflict">The row was not at the expected version and was left alone.</param>
internal readonly record struct WriteOutcome(long Version, bool IsConflict);
