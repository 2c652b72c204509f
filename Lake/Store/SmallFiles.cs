namespace Banking.Lake.Store;

/// <summary>Files that are made as a whole, and never over one that exists.</summary>
internal static class SmallFiles
{
    /// <summary>Makes a file, durably, unless it exists.</summary>
    /// <param name="stagedPath">A name of its own for it, where nobody looks.</param>
    /// <returns>False if it was there first; it stays as it is then.</returns>
    public static async Task<bool> TryMakeAsync(
        this ILakeStore store, string stagedPath, string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await store.StageAsync(stagedPath, (stream, token) => stream.WriteAsync(content, token).AsTask(), cancellationToken);
        var isMade = await store.CommitAsync(stagedPath, path, cancellationToken);
        if (!isMade) await store.DeleteAsync(stagedPath, cancellationToken);
        return isMade;
    }
}
