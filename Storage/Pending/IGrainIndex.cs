namespace Banking.Storage;

/// <summary>
/// What a storage knows about its grains without calling them. A keyed service under the storage's name. Thread-safe; it sees every write
/// that ended before the call.
/// </summary>
public interface IGrainIndex
{
    /// <summary>
    /// The grains whose stored state was marked as having pending work when it was last written, in the order of their keys. They are read
    /// in pages; grains that change meanwhile may or may not be included.
    /// </summary>
    /// <param name="stateName">The name of the state, as in <c>[PersistentState(name)]</c>.</param>
    /// <param name="writtenBefore">Only states last written before this time; a sweep leaves out those that are being worked on.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    IAsyncEnumerable<GrainId> FindPendingAsync(
        string stateName, DateTimeOffset writtenBefore, CancellationToken cancellationToken = default);

    /// <summary>
    /// The keys of the grains that have a state of this name, in the order of their UTF-8 bytes. Grains whose state was cleared are not
    /// included.
    /// </summary>
    /// <param name="stateName">The name of the state.</param>
    /// <param name="after">The last key of the previous page; null for the first page.</param>
    /// <param name="limit">The most keys to give, at least 1.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>At most <paramref name="limit"/> keys; fewer only at the end.</returns>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    Task<IReadOnlyList<string>> ListKeysAsync(string stateName, string? after, int limit, CancellationToken cancellationToken = default);

    /// <summary>Reads the states of many grains at once, as the storage would read each of them.</summary>
    /// <param name="stateName">The name of the states.</param>
    /// <param name="grains">The grains; a few thousand at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A state for each grain, in their order, with the ETag to write it with.</returns>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    Task<IReadOnlyList<GrainState<T>>> ReadManyAsync<T>(
        string stateName, IReadOnlyList<GrainId> grains, CancellationToken cancellationToken = default);
}

/// <summary>Which types of state may have pending work, and how to tell. Filled at configuration, read-only afterwards.</summary>
internal sealed class PendingMarks
{
    private readonly Dictionary<Type, Delegate> _marks = [];

    public void Add<TState>(Func<TState, bool> isPending) => _marks[typeof(TState)] = isPending;

    public bool IsPending<TState>(TState? state) =>
        state is not null && _marks.TryGetValue(typeof(TState), out var mark) && ((Func<TState, bool>)mark)(state);
}
