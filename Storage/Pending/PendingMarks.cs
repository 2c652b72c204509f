namespace Banking.Storage;

/// <summary>Which types of state may have pending work, and how to tell. Filled at configuration, read-only afterwards.</summary>
internal sealed class PendingMarks
{
    private readonly Dictionary<Type, Delegate> _marks = [];

    public void Add<TState>(Func<TState, bool> isPending) => _marks[typeof(TState)] = isPending;

    public bool IsPending<TState>(TState? state) =>
        state is not null && _marks.TryGetValue(typeof(TState), out var mark) && ((Func<TState, bool>)mark)(state);
}
