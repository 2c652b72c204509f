namespace Banking.Sink.Store;

/// <summary>Removes what nobody will commit.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Removes a staged file, if that can be done now: where it lies it does no harm, and the partition's next owner removes what is old. So it neither hides the failure
    /// that led here nor keeps anybody waiting who wants to stop.
    /// </summary>
    public static async Task DiscardAsync(this ILakeStore store, string stagedPath, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            await store.DeleteAsync(stagedPath, limit.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
        }
    }
}
