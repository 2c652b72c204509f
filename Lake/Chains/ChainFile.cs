namespace Banking.Lake.Chains;

/// <summary>A committed file of a chain, as its path tells.</summary>
internal readonly record struct ChainFile(long Start, DateOnly Day);
