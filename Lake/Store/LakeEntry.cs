namespace Banking.Lake.Store;

/// <summary>What is in a folder of the lake.</summary>
/// <param name="Name">Without its folder.</param>
/// <param name="Length">Bytes; 0 for a folder.</param>
/// <param name="Modified">When a file was written, by the store's clock; of a folder it says nothing.</param>
/// <param name="ChangeToken">
/// Of a folder: another one after a file came right into it, or went; within a moment of the store's clock it may stay the same. Null
/// where the store can't tell, as one of objects can't: then somebody has to look into the folder.
/// </param>
public readonly record struct LakeEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified, string? ChangeToken = null);
