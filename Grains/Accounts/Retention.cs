namespace Banking.Accounts;

/// <summary>What an account's memory must keep when it takes in one more result.</summary>
/// <param name="Capacity">How many of the newest results are kept, as long as they are not older than <paramref name="Oldest"/>.</param>
/// <param name="Now">The time of the decision, in Unix milliseconds.</param>
/// <param name="Oldest">Results decided before this time, in Unix milliseconds, need not be kept.</param>
/// <param name="RetryWindow">How long, in milliseconds, a busy account keeps more than its capacity.</param>
/// <param name="Settled">Results up to this number (<see cref="ActionMemory.Added"/>) are known to be durable. Later ones are kept: after a
/// lost answer their callers ask again.</param>
/// <param name="Holding">True if the account was loaded less than a retry window ago. The results it had then are kept, as callers may have
/// lost those answers, and hashes are kept of what it forgets.</param>
public readonly record struct Retention(
    int Capacity, long Now = 0, long Oldest = 0, long RetryWindow = 0, long Settled = long.MaxValue, bool Holding = false)
{
    /// <param name="now">The time of the decision, by the wall clock.</param>
    /// <param name="steady">The time that ages are counted from, which no step of the clock has moved forward.</param>
    public static Retention Of(
        AccountOptions options, DateTimeOffset now, DateTimeOffset steady, long settled = long.MaxValue, bool holding = false) => new(
        options.RememberedActions,
        now.ToUnixTimeMilliseconds(),
        (steady - options.RememberFor).ToUnixTimeMilliseconds(),
        (long)options.RetryWindow.TotalMilliseconds,
        settled,
        holding);
}
