using System.Diagnostics;

namespace Banking.Silo.Tests;

internal static class Eventually
{
    public static async Task True(Func<Task<bool>> condition, int seconds = 60)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(seconds), "The condition did not come true in time.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
