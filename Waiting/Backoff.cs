namespace Banking.Waiting;

/// <summary>How long to wait before trying again what failed: doubling with each failure in a row. Pure.</summary>
/// <param name="First">The wait after the first failure; above zero.</param>
/// <param name="Longest">The longest wait; not below the first.</param>
internal readonly record struct Backoff(TimeSpan First, TimeSpan Longest)
{
    /// <param name="failures">How many tries in a row have failed, at least 1.</param>
    public TimeSpan After(int failures) =>
        TimeSpan.FromTicks((long)Math.Min(Longest.Ticks, First.Ticks * Math.Pow(2, Math.Max(failures, 1) - 1)));
}
