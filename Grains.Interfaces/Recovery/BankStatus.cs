namespace Banking.Recovery;

/// <summary>How far the check of storage against the log has come. The numbers go over the wire: never reuse one.</summary>
public enum BankStage
{
    /// <summary>Storage is being compared with the log; nobody acts yet.</summary>
    Checking = 0,

    /// <summary>Storage is older than the log: accounts take in their own events; nobody acts yet.</summary>
    RollingForward = 1,

    /// <summary>The log can't be reached, so nothing could be compared: accounts act, but publish nothing.</summary>
    Unchecked = 2,

    /// <summary>Storage has all that the log has.</summary>
    Checked = 3,

    /// <summary>Storage and log do not belong together: nobody acts until an operator has repaired it.</summary>
    Refused = 4,
}

/// <summary>What is known about the bank's storage.</summary>
/// <param name="Bank">The bank's id; null until it is known.</param>
/// <param name="Sentence">For people: why nobody acts, or what is not as it should be; null if all is well.</param>
/// <param name="Epoch">Changes whenever accounts have to be loaded again, because their storage was changed underneath them.</param>
/// <param name="SetAside">How many accounts are set aside.</param>
/// <param name="NamesUnknown">How many open accounts lost their holder's name.</param>
/// <param name="UnsignedUntil">Records without the bank's header count as its own if their time is not later than this; null while that is
/// not known.</param>
[GenerateSerializer, Immutable, Alias("banking.bank-status")]
public sealed record BankStatus(
    [property: Id(0)] BankStage Stage,
    [property: Id(1)] string? Bank,
    [property: Id(2)] string? Sentence,
    [property: Id(3)] long Epoch,
    [property: Id(4)] long SetAside = 0,
    [property: Id(5)] long NamesUnknown = 0,
    [property: Id(6)] DateTimeOffset? UnsignedUntil = null);
