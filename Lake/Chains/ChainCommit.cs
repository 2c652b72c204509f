namespace Banking.Lake.Chains;

/// <param name="Won">False if another owner's file was there first; <paramref name="Tail"/> is behind that one then.</param>
/// <param name="Bytes">The size of the committed file.</param>
internal readonly record struct ChainCommit(bool Won, ChainTail Tail, long Bytes);
