namespace Banking.Recovery;

/// <summary>
/// The bank as a whole. It checks its storage against the log before accounts act, and has accounts that are behind take in their own
/// events. There is only one, so that one silo of a cluster does the work. A second one in a split cluster does no harm, as every account's
/// record is written by compare-and-swap.
/// </summary>
[Alias("banking.bank")]
public interface IBankGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the only such grain.</summary>
    const long Key = 0;

    /// <summary>Begins the check if there was none yet, and says how far it has come.</summary>
    [Alias("status")]
    Task<BankStatus> GetStatus();

    /// <summary>Checks storage again, because something in it may be older than it was.</summary>
    /// <param name="reason">A sentence about what was noticed.</param>
    [Alias("check-again")]
    Task CheckAgain(string reason);
}
