using Banking.Events;
using Banking.Inquiries;
using Banking.Markets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Banking.Accounts;

/// <summary>
/// The shell around <see cref="AccountRules"/>. Calls interleave, but a decision is one step without waiting inside, on the newest state; what rests on it
/// is answered when that state is durable. It uses its storage directly: Orleans' facet for states costs three more awaits a write.
/// </summary>
[GrainType("account")]
internal sealed class AccountGrain : Grain, IAccountGrain
{
    private readonly IGrainStorage _storage;
    private readonly GrainState<AccountState> _stored = new();
    private readonly QuoteCache _quotes;
    private readonly InquiryLog _inquiries;
    private readonly EventStreams _streams;
    private readonly AccountOptions _options;
    private readonly TimeProvider _clock;
    private CoalescedWrites<AccountState> _writes = null!;
    private Outbox _outbox = null!;
    private IGrainTimer? _clearing;
    private string _id = "";

    public AccountGrain(
        [FromKeyedServices(GameNames.Storage)] IGrainStorage storage,
        QuoteCache quotes,
        InquiryLog inquiries,
        EventStreams streams,
        IOptions<AccountOptions> options,
        TimeProvider clock)
    {
        _storage = storage;
        _quotes = quotes;
        _inquiries = inquiries;
        _streams = streams;
        _options = options.Value;
        _clock = clock;
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _id = this.GetPrimaryKeyString();
        await _storage.ReadStateAsync(GameNames.AccountState, this.GetGrainId(), _stored);
        var state = _stored.State ??= new AccountState();
        _writes = new CoalescedWrites<AccountState>(state, Write);
        var publishedThrough = state.SequenceNumber - state.Outbox.Length;
        _outbox = new Outbox(publishedThrough, events => _streams.Publish(_streams.RequirePartitionOf(_id), events), _options, _clock);
        _outbox.Offer(state.Outbox);
        ScheduleClearing();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            if (_writes.HasFailed) return;

            // What can't be published in time is in storage, where the next activation or the sweep finds it.
            await _writes.Flush();
            await _outbox.WaitFor(_writes.Durable.SequenceNumber, cancellationToken);
            await ClearPublished();
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The log is away, which the streams say; thousands of accounts need not.
        }
        finally
        {
            _outbox.Stop();
        }
    }

    public async Task<ActionResult> Perform(AccountAction action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var quote = action switch
        {
            BuyAsset a => await GetQuote(a.AssetName),
            SellAsset a => await GetQuote(a.AssetName),
            _ => null,
        };
        ThrowIfFailed();
        var identity = ActionIdentity.Of(action);
        var state = WithoutPublished(_writes.Newest);
        var decision = AccountRules.Decide(state, _id, action, identity, quote, _clock.GetUtcNow(), _options);
        if (decision.ChangesState) _writes.Change(AccountRules.Apply(state, decision, identity, _options));
        await _writes.Flush();
        return decision.Result;
    }

    public async Task<AccountStatement?> GetStatement(RequestOrigin? origin)
    {
        ThrowIfFailed();
        await _writes.Flush();
        var state = _writes.Durable;
        if (!state.IsOpen) return null;
        var prices = new Dictionary<string, decimal>(state.Positions.Length);
        foreach (var position in state.Positions)
        {
            var quote = await _quotes.Get(position.AssetName);
            prices[position.AssetName] = quote?.UnitPrice ?? throw new InvalidOperationException($"No price for {position.AssetName}.");
        }

        _inquiries.Record(Inquiry.OfAccount(_id, origin));
        return Statements.Of(_id, state, prices, _clock.GetUtcNow());
    }

    public async Task<AccountLedger?> GetLedger()
    {
        ThrowIfFailed();
        await _writes.Flush();
        var state = _writes.Durable;
        return state.WasEverOpened ? Statements.LedgerOf(_id, state, _outbox.CountUnpublished(state.Outbox)) : null;
    }

    public async Task PublishOutbox()
    {
        ThrowIfFailed();
        await _outbox.WaitFor(_writes.Durable.SequenceNumber);
    }

    private async ValueTask<Quote?> GetQuote(string? assetName) => AssetForm.IsAssetName(assetName) ? await _quotes.Get(assetName!) : null;

    // Storage may have what this activation does not know of: the next one reads it.
    private void ThrowIfFailed()
    {
        if (_writes.HasFailed) throw new AccountReloadException("The account is loading its state again. Retry with the same action id.");
    }

    private async Task Write(AccountState state)
    {
        state = WithoutPublished(state);
        _stored.State = state;
        try
        {
            await _storage.WriteStateAsync(GameNames.AccountState, this.GetGrainId(), _stored);
        }
        catch
        {
            // Whoever waits for the log would keep this activation, which can do nothing more, from ending.
            _outbox.Stop();
            DeactivateOnIdle();
            throw;
        }

        _outbox.Offer(state.Outbox);
        ScheduleClearing();
    }

    private AccountState WithoutPublished(AccountState state)
    {
        var unpublished = _outbox.Unpublished(state.Outbox);
        return unpublished.Length == state.Outbox.Length ? state : state with { Outbox = unpublished };
    }

    private void ScheduleClearing()
    {
        if (_stored.State!.Outbox.Length == 0 || _clearing is not null) return;
        _clearing = this.RegisterGrainTimer(OnClearingDue, new GrainTimerCreationOptions(_options.ClearPublishedAfter, Timeout.InfiniteTimeSpan) { Interleave = true });
    }

    private async Task OnClearingDue(CancellationToken cancellationToken)
    {
        _clearing?.Dispose();
        _clearing = null;
        if (_writes.HasFailed) return;
        var idle = _clock.GetUtcNow() - (_stored.State!.Outbox is [.., var last] ? last.OccurredAt : DateTimeOffset.MinValue);
        if (idle >= _options.ClearPublishedAfter) await ClearPublished();
        ScheduleClearing();
    }

    private Task ClearPublished()
    {
        if (_stored.State!.Outbox.Length == 0 || _outbox.CountUnpublished(_writes.Newest.Outbox) > 0) return Task.CompletedTask;
        _writes.Change(_writes.Newest with { Outbox = [] });
        return _writes.Flush();
    }
}
