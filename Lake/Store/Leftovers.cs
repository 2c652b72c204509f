namespace Banking.Lake.Store;

/// <summary>Removes files that nobody will commit.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Removes a staged file if that can be done now. If not, the file does no harm where it is, and the partition's next owner removes old
    /// files. So this neither hides the failure that led here nor delays a caller that wants to stop.
    /// </summary>
    public static Task DiscardAsync(this ILakeStore store, string stagedPath, TimeProvider time) =>
        DiscardAsync(token => store.DeleteAsync(stagedPath, token), time);

    /// <summary>Does the same with a folder that nobody reads.</summary>
    public static Task DiscardFolderAsync(this ILakeStore store, string folder, TimeProvider time) =>
        DiscardAsync(token => store.DeleteFolderAsync(folder, token), time);

    private static async Task DiscardAsync(Func<CancellationToken, Task> delete, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(MaxWait, time);
        try
        {
            await delete(limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }
}
