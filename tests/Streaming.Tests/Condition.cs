namespace Banking.Streaming.Tests;

internal static class Condition
{
    /// <summary>Returns when the condition holds; fails after the bound.</summary>
    public static Task Until(Func<bool> condition, string what, int seconds = 30) =>
        UntilAsync(() => Task.FromResult(condition()), what, seconds);

    /// <summary>Returns when the condition holds; fails after the bound.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what, int seconds = 30)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        bound.CancelAfter(TimeSpan.FromSeconds(seconds));
        try
        {
            while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, bound.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Did not happen within {seconds} s: {what}");
        }
    }
}
