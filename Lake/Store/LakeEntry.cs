namespace Banking.Lake.Store;

/// <param name="Name">Without its folder.</param>
/// <param name="Length">Bytes; 0 for a folder.</param>
public readonly record struct LakeEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified);
