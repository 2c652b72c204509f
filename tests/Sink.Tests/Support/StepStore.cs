using System.Runtime.CompilerServices;
using Banking.Lake.Store;

namespace Banking.Sink.Tests.Support;

/// <summary>
/// A lake as one of several owners sees it whose calls happen in an order that the test chooses. Staging needs no turn, as nobody sees
/// what is staged.
/// </summary>
internal sealed class StepStore(ILakeStore lake, OwnerTurns turns) : ILakeStore
{
    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var entries = await turns.TakeAsync(() => lake.ListAsync(folder, cancellationToken).ToListAsync(cancellationToken).AsTask());
        foreach (var entry in entries) yield return entry;
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        turns.TakeAsync(() => lake.OpenReadAsync(path, cancellationToken));

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        lake.StageAsync(path, write, cancellationToken);

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) =>
        turns.TakeAsync(() => lake.CommitAsync(stagedPath, path, cancellationToken));

    public Task SettleAsync(string path, CancellationToken cancellationToken) => lake.SettleAsync(path, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => turns.TakeAsync(async () =>
    {
        await lake.DeleteAsync(path, cancellationToken);
        return true;
    });

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) => lake.DeleteFolderAsync(folder, cancellationToken);
}

/// <summary>
/// The turns of one owner: each of its calls waits until it is told to go on. Not thread-safe; an owner makes one call at a time.
/// </summary>
internal sealed class OwnerTurns
{
    private TaskCompletionSource _waits = New();
    private TaskCompletionSource _goes = New();

    public async Task<T> TakeAsync<T>(Func<Task<T>> call)
    {
        var goes = _goes = New();
        _waits.SetResult();
        await goes.Task;
        return await call();
    }

    /// <summary>
    /// Runs owners to their end, one call at a time, in an order that the seed gives: now and then one stands still for long.
    /// </summary>
    public static async Task RunAsync(IReadOnlyList<(OwnerTurns Turns, Task Work)> owners, Random random)
    {
        var last = 0;
        while (true)
        {
            foreach (var (turns, work) in owners) await Task.WhenAny(work, turns._waits.Task);
            var waiting = Enumerable.Range(0, owners.Count).Where(i => !owners[i].Work.IsCompleted).ToList();
            if (waiting.Count == 0) break;
            if (!waiting.Contains(last) || random.Next(4) == 0) last = waiting[random.Next(waiting.Count)];
            var next = owners[last].Turns;
            next._waits = New();
            next._goes.SetResult();
        }

        await Task.WhenAll(owners.Select(owner => owner.Work));
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
