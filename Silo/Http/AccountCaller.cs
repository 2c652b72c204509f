using Banking.Accounts;
using Banking.Callers;
using Banking.Events;
using Banking.Gate;
using Banking.Silo.Accounts;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace Banking.Silo.Http;

/// <summary>
/// Calls accounts for the HTTP API. A call whose outcome is unknown (the account's silo died, or its state could not be written) is made
/// again with the same action id: at worst the account repeats its first answer. Thread-safe.
/// </summary>
internal sealed class AccountCaller(IAccountReferences accounts, BankGate gate, TimeProvider time)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(45);

    /// <summary>A check that finds nothing takes only moments.</summary>
    private static readonly TimeSpan GateTimeout = TimeSpan.FromSeconds(15);

    private readonly ResiliencePipeline _retries = new ResiliencePipelineBuilder { TimeProvider = time }
        .AddTimeout(MaxWait)
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = 5,
            Delay = TimeSpan.FromMilliseconds(50),
            MaxDelay = TimeSpan.FromSeconds(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = new PredicateBuilder().Handle<Exception>(IsUnknownOutcome),
        })
        .Build();

    /// <exception cref="OutcomeUnknownException">No answer, after several tries.</exception>
    public async Task<ActionResult> PerformAsync(string accountId, AccountAction action, CancellationToken cancellationToken)
    {
        // An id that no account can have must not create one. Everything else that is wrong with the action is for the account to say,
        // unless it does not exist for the caller: an account that is called tells from its time whether it is in memory.
        var isAccountId = ActionForm.IsAccountId(accountId);
        var isStrange = isAccountId && action is not OpenAccount && Caller.Current is { Role: CallerRole.Player } player
            && !await ExistsForAsync(accountId, player);
        if (!isAccountId || isStrange)
        {
            var form = ActionForm.Check(accountId, action);
            return new ActionResult { Code = form == ActionCode.Done ? ActionCode.AccountUnknown : form, OccurredAt = time.GetUtcNow() };
        }

        return await CallAsync(accountId, account => account.Perform(action), isAction: true, cancellationToken);
    }

    public Task<AccountStatement?> GetStatementAsync(string accountId, RequestOrigin? origin) =>
        ReadAsync(accountId, account => account.GetStatement(origin));

    public Task<AccountLedger?> GetLedgerAsync(string accountId) => ReadAsync(accountId, account => account.GetLedger());

    // An account that does not exist is not called: it would be in memory for minutes, and anybody can think of any number of them.
    private async Task<T?> ReadAsync<T>(string accountId, Func<IAccountGrain, Task<T?>> call)
        where T : class
    {
        return await ExistsForAsync(accountId, Caller.Current)
            ? await CallAsync(accountId, call, isAction: false, CancellationToken.None)
            : null;
    }

    private async ValueTask<bool> ExistsForAsync(string accountId, Caller? caller)
    {
        if (!gate.IsOpen) await gate.WaitUntilOpenAsync(GateTimeout, time);
        return await accounts.ExistsForAsync(accountId, caller);
    }

    private async Task<T> CallAsync<T>(
        string accountId, Func<IAccountGrain, Task<T>> call, bool isAction, CancellationToken cancellationToken)
    {
        if (!gate.IsOpen) await gate.WaitUntilOpenAsync(GateTimeout, time);
        var account = accounts.Get(accountId);
        try
        {
            return await call(account);
        }
        catch (Exception e) when (IsUnknownOutcome(e))
        {
            return await RetryAsync(account, call, isAction, cancellationToken);
        }
    }

    private async Task<T> RetryAsync<T>(
        IAccountGrain account, Func<IAccountGrain, Task<T>> call, bool isAction, CancellationToken cancellationToken)
    {
        try
        {
            return await _retries.ExecuteAsync(
                static async (state, token) => await state.call(state.account).WaitAsync(token), (account, call), cancellationToken);
        }
        catch (Exception e) when (
            IsUnknownOutcome(e) || e is TimeoutRejectedException || (isAction && !cancellationToken.IsCancellationRequested))
        {
            // Whatever the last attempt's outcome, the first one may have run.
            throw new OutcomeUnknownException(e);
        }
    }

    private static bool IsUnknownOutcome(Exception e) => e is AccountReloadException or OrleansException or TimeoutException;
}

/// <summary>It could not be determined whether an action was performed. A retry with the same id is safe.</summary>
internal sealed class OutcomeUnknownException(Exception cause) : Exception(Sentence, cause)
{
    public const string Sentence =
        "Whether this was done is not known. Look at the account, or try again with the same idempotency key if there was one.";
}
