using System.Diagnostics;

namespace Banking.Simulations.Tests;

internal static class Eventually
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);

    /// <summary>Waits for a condition, within bounds.</summary>
    public static Task True(Func<bool> condition, string what, CancellationToken cancellationToken) =>
        True(() => Task.FromResult(condition()), what, cancellationToken);

    /// <summary>Waits for a condition, within bounds.</summary>
    public static async Task True(Func<Task<bool>> condition, string what, CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < MaxWait, $"It did not come true in {MaxWait.TotalSeconds} s that {what}.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
        }
    }
}
