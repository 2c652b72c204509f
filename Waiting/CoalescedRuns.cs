namespace Banking.Waiting;

/// <summary>
/// Requests that come while a run is under way go together with the next one, so that many callers cost few runs, and a request to an idle
/// one does not wait. Thread-safe.
/// </summary>
/// <param name="run">Answers all requests of a round; must not throw.</param>
/// <param name="options">Where the runs take place; <see cref="TaskCreationOptions.LongRunning"/> if they block.</param>
internal sealed class CoalescedRuns<TRound>(Func<TRound, Task> run, TaskCreationOptions options = TaskCreationOptions.None)
    where TRound : class, new()
{
    private readonly Lock _lock = new();
    private TRound? _next;
    private bool _isRunning;

    /// <summary>Adds a request to the next round, and begins with it if none is under way.</summary>
    /// <param name="join">Adds the request to its round; called one at a time.</param>
    public TJoined Join<TRequest, TJoined>(TRequest request, Func<TRound, TRequest, TJoined> join)
    {
        TJoined joined;
        lock (_lock)
        {
            joined = join(_next ??= new TRound(), request);
            if (_isRunning) return joined;
            _isRunning = true;
        }

        // A round belongs to no caller in particular: it runs neither on the first one's scheduler nor in its context.
        using (ExecutionContext.SuppressFlow())
            _ = Task.Factory.StartNew(RunAllAsync, CancellationToken.None, options, TaskScheduler.Default);
        return joined;
    }

    private async Task RunAllAsync()
    {
        while (Take() is { } round) await run(round);
    }

    private TRound? Take()
    {
        lock (_lock)
        {
            var round = _next;
            _next = null;
            _isRunning = round is not null;
            return round;
        }
    }
}
