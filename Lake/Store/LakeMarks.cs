namespace Banking.Lake.Store;

/// <summary>Marker files: it only matters whether they exist.</summary>
internal static class LakeMarks
{
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
