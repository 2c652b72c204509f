using Banking.Callers;
using Banking.Events;
using Banking.Gate;
using Banking.Inquiries;
using Banking.Markets;
using Microsoft.Extensions.Options;

namespace Banking.Accounts;

/// <summary>
/// The shell around <see cref="AccountRules"/>. Calls interleave, but a decision is one step on the newest state, without awaits inside;
/// the caller is answered when that state is durable.
/// </summary>
[GrainType("account")]
internal sealed class AccountGrain : Grain, IAccountGrain
{
    /// <summary>How long an account that leaves memory waits for the log to take its last events.</summary>
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(5);

    private readonly AccountRecords _records;
    private readonly QuoteCache _quotes;
    private readonly InquiryLog _inquiries;
    private readonly AccountOptions _options;
    private readonly TimeProvider _time;
    private AccountRecord _record = null!;
    private IGrainTimer? _clearing;
    private string _id = "";

    public AccountGrain(
        AccountRecords records, QuoteCache quotes, InquiryLog inquiries, IOptions<AccountOptions> options, TimeProvider time)
    {
        _records = records;
        _quotes = quotes;
        _inquiries = inquiries;
        _options = options.Value;
        _time = time;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        _record = await _records.LoadAsync(this.GetGrainId(), OnWritten);
        _record.Start();
        ScheduleClearing();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(PublishTimeout, _time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (_record.HasFailed)
            {
                await _record.WaitForRestAsync(giveUp.Token);
                return;
            }

            // Events that can't be published in time are in storage, where the next activation or the sweep finds them.
            await _record.FlushAsync();
            await _record.WaitForPublishedAsync(giveUp.Token);
            await _record.ClearPublishedAsync();
        }
        catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
        {
            // The log is unavailable. The streams report that once; thousands of accounts need not.
        }
        finally
        {
            _record.Stop();
        }
    }

    public async Task<ActionResult> Perform(AccountAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var caller = Caller.Current;
        var quote = await GetQuoteAsync(ActionBook.RulesOf(action).AssetOf(action));
        ThrowIfFailed();
        var identity = ActionIdentity.Of(action);
        var state = _record.Next();
        var now = _time.GetUtcNow();
        var decision = AccountRules.Decide(state, _id, action, identity, quote?.At(now), now, _options, caller);
        if (decision.ChangesState) _record.Change(AccountRules.Apply(state, decision, identity, _record.Keep(decision.Result.OccurredAt)));

        // Nobody may tell from the time, either, whether an account is unknown or another's: neither waits for a write.
        if (decision.Result.Code != ActionCode.AccountUnknown) await _record.FlushAsync();
        LeaveIfBlank();
        return decision.Result;
    }

    public async Task<AccountStatement?> GetStatement(RequestOrigin? origin)
    {
        var caller = Caller.Current;
        if (await ReadAsync(caller) is not { } state) return null;
        if (state.SetAside is { } reason) throw new AccountSetAsideException(_id, reason);
        if (!state.IsOpen) return null;
        var prices = new Dictionary<string, decimal>(state.Positions.Length);
        foreach (var position in state.Positions)
        {
            var quote = await _quotes.GetHeldAsync(position.AssetName);
            prices[position.AssetName] = quote?.UnitPrice ?? throw new InvalidOperationException($"No price for {position.AssetName}.");
        }

        _inquiries.Record(Inquiry.OfAccount(_id, origin));
        return Statements.Of(_id, state, prices, _time.GetUtcNow());
    }

    public async Task<AccountLedger?> GetLedger()
    {
        var caller = Caller.Current;
        if (await ReadAsync(caller) is not { } state) return null;
        return state.WasEverOpened ? Statements.LedgerOf(_id, state, _record.CountUnpublished()) : null;
    }

    public async Task PublishOutbox()
    {
        ThrowIfFailed();

        // A set-aside account is reported elsewhere, and must not make a flush of all the others fail.
        if (_record.Durable.SetAside is null) await _record.WaitForPublishedAsync();
    }

    /// <summary>The state once it is durable; null for a caller to whom the account does not exist.</summary>
    private async Task<AccountState?> ReadAsync(Caller? caller)
    {
        ThrowIfFailed();
        if (AccountAccess.MayRead(_record.Durable, caller)) await _record.FlushAsync();
        LeaveIfBlank();
        return AccountAccess.MayRead(_record.Durable, caller) ? _record.Durable : null;
    }

    private async ValueTask<TimedQuote?> GetQuoteAsync(string? assetName) =>
        AssetForm.IsAssetName(assetName) ? await _quotes.GetTimedAsync(assetName!) : null;

    // Anybody can think of any number of ids: those that mean nothing must not stay in memory until they have been idle for minutes.
    private void LeaveIfBlank()
    {
        if (_record.IsBlank) DeactivateOnIdle();
    }

    // Storage may have what this activation does not know about: the next one reads it.
    private void ThrowIfFailed()
    {
        if (!_record.HasFailed) return;
        DeactivateOnIdle();
        throw new AccountReloadException("The account is loading its state again. Retry with the same action id.");
    }

    private void OnWritten(bool succeeded)
    {
        if (succeeded) ScheduleClearing();
        else DeactivateOnIdle();
    }

    private void ScheduleClearing()
    {
        if (!_record.HasUncleared || _clearing is not null) return;
        _clearing = this.RegisterGrainTimer(
            OnClearingDueAsync,
            new GrainTimerCreationOptions(_options.ClearPublishedAfter, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private async Task OnClearingDueAsync(CancellationToken cancellationToken)
    {
        _clearing?.Dispose();
        _clearing = null;
        if (_record.HasFailed) return;
        try
        {
            if (_record.UnclearedFor >= _options.ClearPublishedAfter) await _record.ClearPublishedAsync();
        }
        catch (AccountReloadException)
        {
            // The account leaves memory, as it does after any failed write; the next activation clears what it finds.
            return;
        }

        ScheduleClearing();
    }
}
