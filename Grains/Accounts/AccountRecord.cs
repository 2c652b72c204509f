using Banking.Clocks;
using Banking.Events;
using Orleans.Storage;

namespace Banking.Accounts;

/// <summary>
/// One account's state on its way to storage, and its events on their way to the log: an event goes to the log once the state that has it
/// and the partition that it goes to are durable. Belongs to one grain and runs on its scheduler. It uses the storage directly, because
/// Orleans' facet for states costs three more awaits per write.
/// </summary>
internal sealed class AccountRecord
{
    private readonly GrainId _account;
    private readonly IGrainStorage _storage;
    private readonly GrainState<AccountState> _stored;
    private readonly EventRoute _route;
    private readonly Action<bool> _written;
    private readonly CoalescedWrites<AccountState> _writes;
    private readonly Outbox _outbox;
    private readonly Func<bool> _isStale;
    private readonly KeyPages _keys;
    private readonly AccountOptions _options;
    private readonly SteadyClock _clock;
    private readonly long _loadedAt;
    private readonly bool _wasStored;
    private long _writtenAt;

    public AccountRecord(
        GrainId account,
        IGrainStorage storage,
        GrainState<AccountState> stored,
        KeyPages keys,
        EventRoute route,
        Action<bool> written,
        Func<bool> isStale,
        AccountOptions options,
        SteadyClock clock)
    {
        (_account, _storage, _stored, _keys, _route, _written, _isStale) = (account, storage, stored, keys, route, written, isStale);
        (_options, _clock) = (options, clock);
        _loadedAt = _writtenAt = clock.Provider.GetTimestamp();
        _wasStored = stored.RecordExists;
        var state = stored.State!;
        _writes = new CoalescedWrites<AccountState>(state, WriteAsync);
        _outbox = new Outbox(state.SequenceNumber - state.Outbox.Length, PublishAsync, options, clock.Provider, route.Busy);
    }

    /// <summary>The state that storage has; the log may have some or all of its outbox.</summary>
    public AccountState Durable => _writes.Durable;

    /// <summary>
    /// True after a failed write, or when storage was changed underneath: nothing here can be trusted, and the account has to be loaded
    /// again.
    /// </summary>
    public bool HasFailed => _writes.HasFailed || _isStale();

    /// <summary>There is nothing to remember: the account was never opened, and is not being opened.</summary>
    public bool IsBlank => !_stored.RecordExists && !_writes.Newest.WasEverOpened;

    /// <summary>Storage, or the write under way, has events in its outbox that the log may already have.</summary>
    public bool HasUncleared => _stored.State!.Outbox.Length > 0;

    /// <summary>How long ago the last of these events were written, or the record was loaded.</summary>
    public TimeSpan UnclearedFor => _clock.Provider.GetElapsedTime(_writtenAt);

    /// <summary>Durable events that the log has not confirmed.</summary>
    public int CountUnpublished() => _outbox.CountUnpublished(Durable.Outbox);

    /// <summary>
    /// Begins to publish what storage has. An account that was set aside publishes nothing: its events might repeat numbers that are taken.
    /// </summary>
    public void Start()
    {
        if (_stored.State!.SetAside is null) _outbox.Offer(_stored.State.Outbox, _stored.State.Partition);
        else _outbox.Stop();
    }

    /// <summary>
    /// What the next decision rests on: the newest state without the events that the log has confirmed, and with a partition chosen for its
    /// next events.
    /// </summary>
    public AccountState Next()
    {
        _keys.MakeRoom(_clock.GetUtcNow() - _options.RememberFor);
        return _route.Choose(WithoutStoredKeys(WithoutPublished(_writes.Newest)));
    }

    /// <summary>What the account's memory must keep when it takes in a decision.</summary>
    /// <param name="decidedAt">The time of the decision, by the wall clock.</param>
    public Retention Keep(DateTimeOffset decidedAt)
    {
        var holding = _wasStored && _clock.Provider.GetElapsedTime(_loadedAt) < _options.RetryWindow;
        return Retention.Of(_options, decidedAt, _clock.GetUtcNow(), Durable.Memory.Added, holding);
    }

    /// <summary>Takes in a state that was made from <see cref="Next"/>; <see cref="FlushAsync"/> writes it.</summary>
    public void Change(AccountState state) => _writes.Change(state);

    /// <inheritdoc cref="CoalescedWrites{TState}.FlushAsync"/>
    public Task FlushAsync() => _writes.FlushAsync();

    /// <summary>Completes when every event that is durable now is in the log.</summary>
    /// <exception cref="AccountReloadException">The record was stopped before that.</exception>
    public Task WaitForPublishedAsync(CancellationToken cancellationToken = default) =>
        _outbox.WaitForAsync(Durable.SequenceNumber, cancellationToken);

    /// <summary>Completes when the log has everything that a failed record knew to be durable.</summary>
    public Task WaitForRestAsync(CancellationToken cancellationToken) =>
        _route.MayStillPublish ? _outbox.WaitForRestAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>If the log has everything, writes that down, along with the partition of the next events if that may change now.</summary>
    public Task ClearPublishedAsync()
    {
        var newest = _writes.Newest;
        if (_outbox.CountUnpublished(newest.Outbox) > 0) return Task.CompletedTask;
        var cleared = newest.Outbox.Length == 0 ? newest : newest with { Outbox = [] };
        if (cleared.Partition is not null) cleared = _route.Choose(cleared);
        if (!HasUncleared && cleared.Partition == newest.Partition) return Task.CompletedTask;

        // Callers of what is durable have been answered by now, so the next activation need not hold those results.
        _writes.Change(cleared with { Memory = cleared.Memory.Settle(Durable.Memory.Added) });
        return _writes.FlushAsync();
    }

    /// <summary>Stops publishing: another activation may take over, and it begins with what storage has.</summary>
    public void Stop() => _outbox.Stop();

    private async Task WriteAsync(AccountState state)
    {
        state = WithoutPublished(state);
        try
        {
            // The hashes that leave the record must be durable before it is.
            if (state.Memory.HasKeysToMove) await _keys.AddAsync(state.Memory);
            state = WithoutStoredKeys(state);
            _stored.State = state;
            await _storage.WriteStateAsync(GameNames.AccountState, _account, _stored);
        }
        catch
        {
            // Callers that wait for the log would keep this activation from ending, though it can do nothing more.
            _outbox.Fail();
            _written(false);
            throw;
        }

        if (state.Outbox.Length > 0) _writtenAt = _clock.Provider.GetTimestamp();
        _outbox.Offer(state.Outbox, state.Partition);
        _written(true);
    }

    private Task PublishAsync(EventPartition? partition, IReadOnlyList<GameEvent> events) =>
        _route.IsOpen(partition) ? _route.PublishAsync(partition!, events) : ChooseAndPublishAsync(events);

    // Only when the log was not open at the time of the decision, or when another log has taken its place.
    private async Task ChooseAndPublishAsync(IReadOnlyList<GameEvent> events)
    {
        _route.RequireOpen();

        // This can be called from within a write, and that write has to end first.
        await Task.Yield();
        var chosen = _route.Choose(WithoutPublished(_writes.Newest));
        if (chosen.Partition != _writes.Newest.Partition) _writes.Change(chosen);
        await _writes.FlushAsync();
        await _route.PublishAsync(Durable.Partition!, events);
    }

    private AccountState WithoutStoredKeys(AccountState state)
    {
        var memory = state.Memory.WithKeys(_keys.Stored);
        return ReferenceEquals(memory, state.Memory) ? state : state with { Memory = memory };
    }

    private AccountState WithoutPublished(AccountState state)
    {
        var unpublished = _outbox.Unpublished(state.Outbox);
        return unpublished.Length == state.Outbox.Length ? state : state with { Outbox = unpublished };
    }
}

/// <summary>
/// Writes a grain's state one write at a time. Everything that changes during a write goes with the next one, so an account that gets a
/// thousand requests at once does not make a thousand writes. Belongs to one grain and runs on its scheduler.
/// </summary>
/// <param name="write">Makes a state durable. A failure means that the outcome is unknown.</param>
internal sealed class CoalescedWrites<TState>(TState initial, Func<TState, Task> write)
{
    private TState _newest = initial;
    private long _newestVersion;
    private long _writingVersion;
    private long _durableVersion;
    private Task _underWay = Task.CompletedTask;
    private Task? _next;
    private Exception? _failure;

    /// <summary>The state that storage has.</summary>
    public TState Durable { get; private set; } = initial;

    /// <summary>What all decisions rest on: the durable state and the changes on their way.</summary>
    public TState Newest => _newest;

    /// <summary>True after a failed write: nothing in memory can be trusted, and the grain has to be loaded again.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Takes in a state; <see cref="FlushAsync"/> writes it.</summary>
    public void Change(TState state)
    {
        _newest = state;
        _newestVersion++;
    }

    /// <summary>Completes when everything taken in before is durable.</summary>
    public Task FlushAsync()
    {
        if (_failure is { } failure) return Task.FromException(new AccountReloadException(failure));
        if (_durableVersion == _newestVersion) return Task.CompletedTask;
        if (_writingVersion == _newestVersion) return _underWay;

        // A write that waits for its turn takes everything along, even if the one before it has just ended.
        if (_next is { } next) return next;
        return _underWay.IsCompleted ? _underWay = WriteNewestAsync() : _next = WriteNextAsync(_underWay);
    }

    private async Task WriteNextAsync(Task before)
    {
        // Always yields to the caller first, so that _next is set before it is taken over below.
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        _underWay = _next!;
        _next = null;
        if (_failure is { } failure) throw new AccountReloadException(failure);
        await WriteNewestAsync();
    }

    private async Task WriteNewestAsync()
    {
        var state = _newest;
        var version = _writingVersion = _newestVersion;
        try
        {
            await write(state);
        }
        catch (Exception e)
        {
            _failure = e;
            throw new AccountReloadException(e);
        }

        Durable = state;
        _durableVersion = version;
    }
}

/// <summary>
/// An account could not make its state durable, so whether the action happened is unknown. The account loads itself again: retry with the
/// same action id.
/// </summary>
[GenerateSerializer, Alias("banking.account-reload-exception")]
public sealed class AccountReloadException : Exception
{
    public AccountReloadException(Exception cause)
        : base($"The account's state could not be written: {cause.Message} Retry with the same action id.", cause)
    {
    }

    public AccountReloadException(string message)
        : base(message)
    {
    }
}
