namespace Banking.Recovery;

/// <summary>
/// The bank as a whole: checks its storage against the log before accounts act, and has accounts that are behind take in their own events.
/// There is one, so that one silo of a cluster does the work; a second one that a split cluster makes does no harm, as every account's
/// record is compared and swapped.
/// </summary>
[Alias("banking.bank")]
public interface IBankGrain : IGrainWithIntegerKey
{
    /// <summary>The key of the one.</summary>
    const long Key = 0;

    /// <summary>Begins the check if there was none yet, and says how far it is.</summary>
    [Alias("status")]
    Task<BankStatus> GetStatus();

    /// <summary>Something in storage may be older than it was: checks it again.</summary>
    /// <param name="reason">A sentence about what was noticed.</param>
    [Alias("check-again")]
    Task CheckAgain(string reason);
}
