using Banking.Callers;
using Banking.Events;
using Orleans.Concurrency;

namespace Banking.Accounts;

/// <summary>
/// One player's account. The key is the account id: 1 to 128 letters with their marks, digits of any script, and <c>. _ - @ +</c>, in
/// Unicode's normal form C, but not <c>.</c> or <c>..</c>. A call that throws has an unknown outcome: retry it with the same
/// <see cref="AccountAction.ActionId"/>.
/// </summary>
[Alias("banking.account"), ForClients]
public interface IAccountGrain : IGrainWithStringKey
{
    /// <summary>Performs an action once and answers when its outcome is durable. Refusals are results, not exceptions.</summary>
    [AlwaysInterleave, Alias("perform")]
    Task<ActionResult> Perform(AccountAction action);

    /// <summary>The open account's statement; null if the account is not open. A statement that is given is logged as an inquiry.</summary>
    [AlwaysInterleave, Alias("statement")]
    Task<AccountStatement?> GetStatement(RequestOrigin? origin);

    /// <summary>The books; null if the account was never opened.</summary>
    [AlwaysInterleave, Alias("ledger")]
    Task<AccountLedger?> GetLedger();

    /// <summary>Returns when every event acknowledged before the call is in the log.</summary>
    [AlwaysInterleave, Alias("publish")]
    Task PublishOutbox();
}
