namespace Banking.Lake.Store;

/// <summary>
/// The files of a lake. Paths are relative to its root, with <c>/</c>; one that could lead out of it is refused with an
/// <see cref="ArgumentException"/>. The store needs a rename that never overwrites. All members are safe for concurrent use, also by other
/// processes on the same lake.
/// </summary>
public interface ILakeStore
{
    /// <summary>What a folder holds, in no particular order; nothing if there is no such folder. Long folders are read in pages.</summary>
    IAsyncEnumerable<LakeEntry> ListAsync(string folder, CancellationToken cancellationToken);

    /// <summary>A stream that can seek.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken);

    /// <summary>
    /// Writes a file that must not be visible yet. When this returns, all bytes that were written are durable. After a failure nothing is
    /// left.
    /// </summary>
    /// <param name="write">Gets a stream that may be unable to seek.</param>
    /// <returns>The file's length in bytes.</returns>
    Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken);

    /// <summary>
    /// Renames a staged file, durably, unless the target exists: of several callers that try at once, exactly one succeeds. Creates the
    /// target's folder.
    /// </summary>
    /// <returns>False if the target exists; the staged file is still there then.</returns>
    /// <remarks>After an exception the outcome is unknown: the rename may have been done.</remarks>
    Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken);

    /// <summary>
    /// Makes durable what is visible at a path. A committed file that is visible before and after this call is there to stay, whatever
    /// fails later. One that was visible only before was lost again with the node that showed it.
    /// </summary>
    Task SettleAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a file; nothing happens if there is none.</summary>
    Task DeleteAsync(string path, CancellationToken cancellationToken);

    /// <summary>Removes a folder with all that is in it; nothing happens if there is none.</summary>
    Task DeleteFolderAsync(string folder, CancellationToken cancellationToken);
}

/// <summary>What is in a folder of the lake.</summary>
/// <param name="Name">The name without its folder.</param>
/// <param name="Length">The length in bytes; 0 for a folder.</param>
/// <param name="Modified">When a file was written, by the store's clock; meaningless for a folder.</param>
/// <param name="ChangeToken">For a folder: changes when a file is added directly to it or removed from it, but may stay the same within one
/// tick of the store's clock. Null if the store can't tell, as an object store can't: then the caller has to look into the folder.</param>
public readonly record struct LakeEntry(string Name, bool IsFolder, long Length, DateTimeOffset Modified, string? ChangeToken = null);

/// <summary>The lake takes in nothing more of a partition until a person decides; the message is a sentence for that person.</summary>
public abstract class LakeRefusalException(string message) : Exception(message);
