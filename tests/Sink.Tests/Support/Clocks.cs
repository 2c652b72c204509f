using Microsoft.Extensions.Time.Testing;

namespace Banking.Sink.Tests.Support;

internal static class Clocks
{
    /// <summary>Lets clocks run, fast, until some work is done; what waits for a time-out or a back-off goes on.</summary>
    public static async Task RunUntilAsync(this IReadOnlyList<FakeTimeProvider> clocks, Task work)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!work.IsCompleted)
        {
            await Task.WhenAny(work, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, limit.Token));
            limit.Token.ThrowIfCancellationRequested();
            foreach (var clock in clocks) clock.Advance(TimeSpan.FromMilliseconds(100));
        }

        await work;
    }
}
