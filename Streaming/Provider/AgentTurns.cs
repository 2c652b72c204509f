namespace Banking.Streaming.Provider;

/// <summary>
/// Tells whether two calls of a pulling agent came in the same run of its code, with no await between them: what it asks for in one run
/// belongs to one delivery. Used only in the agent's turns.
/// </summary>
/// <param name="atEndOfRun">Runs an action once the current run has ended; by default as the next piece of work of the current task
/// scheduler.</param>
internal sealed class AgentTurns(Action<Action>? atEndOfRun = null)
{
    private long _current;
    private bool _endIsAwaited;

    /// <summary>The number of the current run.</summary>
    public long Current
    {
        get
        {
            if (!_endIsAwaited)
            {
                _endIsAwaited = true;
                if (atEndOfRun is null) _ = Task.Factory.StartNew(End, default, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
                else atEndOfRun(End);
            }

            return _current;
        }
    }

    private void End()
    {
        _current++;
        _endIsAwaited = false;
    }
}
