namespace Banking.Lake.Store;

/// <summary>Files whose being there is what they say.</summary>
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
