namespace Banking.Lake.Store;

/// <summary>
/// The files of a lake. Paths are relative to its root, with <c>/</c>; one that could lead out of it is refused with an
/// <see cref="ArgumentException"/>. What it needs of a file system: a rename that never overwrites. All members are safe for concurrent
/// use, also by other processes on the same lake.
/// </summary>
public interface ILakeStore
{
    /// <summary>What a folder holds, in no order, in pages behind the scenes; nothing if there is no such folder.</summary>
    IAsyncEnumerable<LakeEntry> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>A stream that can seek.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file that is not to be seen yet. When it returns the bytes are durable, and as many as were written. After a failure
    /// nothing is left.
    /// </summary>
    /// <param name="write">Gets a stream that may be unable to seek.</param>
    /// <returns>The file's length in bytes.</returns>
    Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>
    /// Renames a staged file, durably, unless the target exists: of several that try at once exactly one succeeds. Makes the target's
    /// folder.
    /// </summary>
    /// <returns>False if the target exists; the staged file is still there then.</returns>
    /// <remarks>After an exception the outcome is unknown: the rename may be done.</remarks>
    Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken);

    /// <summary>
    /// Makes durable what can be seen at a path. A committed file that is seen before and after is there to stay, whatever fails then; one
    /// that is seen only before was lost again with whatever showed it.
    /// </summary>
    Task SettleAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a file; nothing happens if there is none.</summary>
    Task DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a folder with all that is in it; nothing happens if there is none.</summary>
    Task DeleteFolderAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>What is in a folder of the lake.</summary>
/// <param name="Name">Without its folder.</param>
/// <param name="Length">Bytes; 0 for a folder.</param>
/// <param name="Modified">When a file was written, by the store's clock; of a folder it says nothing.</param>
/// <param name="ChangeToken">
/// Of a folder: another one after a file came right into it, or went; within a moment of the store's clock it may stay the same. Null
/// where the store can't tell, as one of objects can't: then somebody has to look into the folder.
/// </param>
public readonly record struct LakeEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified, string? ChangeToken = null);

/// <summary>
/// The lake takes nothing, or nothing more, of a partition until a person decides; the message is a sentence for that person.
/// </summary>
public abstract class LakeRefusalException(string message) : Exception(message);
