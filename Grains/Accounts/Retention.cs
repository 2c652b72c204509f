namespace Banking.Accounts;

/// <summary>What an account's memory must keep when it takes in one more result.</summary>
/// <param name="Capacity">So many of the newest results are kept, whatever their age within <paramref name="Oldest"/>.</param>
/// <param name="Now">Unix milliseconds, of the decision.</param>
/// <param name="Oldest">Results decided before this time, in Unix milliseconds, need not be kept.</param>
/// <param name="RetryWindow">For so long, in milliseconds, a busy account keeps more than its capacity.</param>
/// <param name="Settled">
/// Results up to this number (<see cref="ActionMemory.Added"/>) are known to be durable. Later ones are kept: after a lost answer their
/// callers ask again.
/// </param>
/// <param name="Holding">
/// The account was loaded less than a retry window ago: what it held then is kept, as callers may have lost those answers, and of what it
/// forgets hashes are kept.
/// </param>
public readonly record struct Retention(
    int Capacity, long Now = 0, long Oldest = 0, long RetryWindow = 0, long Settled = long.MaxValue, bool Holding = false)
{
    /// <param name="now">Of the decision, by the wall clock.</param>
    /// <param name="steady">What ages are counted from: the time that no step of the clock brought forward.</param>
    public static Retention Of(
        AccountOptions options, DateTimeOffset now, DateTimeOffset steady, long settled = long.MaxValue, bool holding = false) => new(
        options.RememberedActions,
        now.ToUnixTimeMilliseconds(),
        (steady - options.RememberFor).ToUnixTimeMilliseconds(),
        (long)options.RetryWindow.TotalMilliseconds,
        settled,
        holding);
}
