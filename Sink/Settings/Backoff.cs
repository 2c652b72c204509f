namespace Banking.Sink.Settings;

/// <summary>How long to wait before trying a failed commit again: doubling from 200 ms to 30 s. Pure.</summary>
internal static class Backoff
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <param name="failures">How many tries in a row have failed, at least 1.</param>
    public static TimeSpan After(int failures)
    {
        var wait = TimeSpan.FromMilliseconds(200 * Math.Pow(2, Math.Min(failures, 16) - 1));
        return wait < Longest ? wait : Longest;
    }
}
