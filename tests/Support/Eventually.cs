using System.Diagnostics;

namespace Banking.Tests;

/// <summary>Waits for a condition, not for a time; gives up after a minute and a half.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    public static Task True(Func<bool> condition, string? what = null) =>
        True(() => Task.FromResult(condition()), what);

    /// <param name="what">What has to become true, as it is said of what did not.</param>
    public static async Task True(Func<Task<bool>> condition, string? what = null)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < Bound, $"Not within {Bound.TotalSeconds} s: {what ?? "the condition holds"}.");
            await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Calls until it does not throw, as a client does that retries with the same action id.</summary>
    public static async Task<T> Succeeds<T>(Func<Task<T>> call)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return await call();
            }
            catch (Exception) when (waited.Elapsed < Bound)
            {
                await Task.Delay(Pause, TimeProvider.System, TestContext.Current.CancellationToken);
            }
        }
    }
}
