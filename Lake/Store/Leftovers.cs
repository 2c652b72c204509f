namespace Banking.Lake.Store;

/// <summary>Removes what nobody will commit.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Removes a staged file, if that can be done now: where it lies it does no harm, and the partition's next owner removes what is old.
    /// So it neither hides the failure that led here nor keeps anybody waiting who wants to stop.
    /// </summary>
    public static Task DiscardAsync(this ILakeStore store, string stagedPath, TimeProvider time) =>
        DiscardAsync(token => store.DeleteAsync(stagedPath, token), time);

    /// <summary>The same of a folder that nobody reads.</summary>
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
