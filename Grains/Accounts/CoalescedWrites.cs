namespace Banking.Accounts;

/// <summary>
/// Writes a grain's state one write at a time, and everything that changed while one was under way with the next: an account that
/// is asked a thousand things at once is not a thousand writes. Belongs to one grain and runs on its scheduler.
/// </summary>
/// <param name="write">Makes a state durable. Its failure means that the outcome is unknown.</param>
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

    /// <summary>What all decisions rest on: the durable state, and the changes on their way.</summary>
    public TState Newest => _newest;

    /// <summary>After a failed write nothing in memory can be trusted: the grain has to be loaded again.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Takes a state in; it is written by <see cref="Flush"/>.</summary>
    public void Change(TState state)
    {
        _newest = state;
        _newestVersion++;
    }

    /// <summary>Completes when everything taken in before is durable.</summary>
    public Task Flush()
    {
        if (_failure is { } failure) return Task.FromException(new AccountReloadException(failure));
        if (_durableVersion == _newestVersion) return Task.CompletedTask;
        if (_writingVersion == _newestVersion) return _underWay;

        // A write that waits for its turn takes everything along, also when the one before it has just ended.
        if (_next is { } next) return next;
        return _underWay.IsCompleted ? _underWay = WriteNewest() : _next = WriteNext(_underWay);
    }

    private async Task WriteNext(Task before)
    {
        // Always leaves the caller first, so that _next is set before it is taken over below.
        await before.ConfigureAwait(
            ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.ForceYielding);
        _underWay = _next!;
        _next = null;
        if (_failure is { } failure) throw new AccountReloadException(failure);
        await WriteNewest();
    }

    private async Task WriteNewest()
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
