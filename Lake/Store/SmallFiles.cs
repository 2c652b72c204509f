namespace Banking.Lake.Store;

/// <summary>Small files, which are made as a whole and never over one that exists. Of some only the existence matters.</summary>
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

    /// <summary>Whether there is a file at a path.</summary>
    public static async Task<bool> ExistsAsync(this ILakeStore store, string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var mark = await store.OpenReadAsync(path, cancellationToken);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
