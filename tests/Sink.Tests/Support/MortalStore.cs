using System.Runtime.CompilerServices;
using Banking.Lake.Store;

namespace Banking.Sink.Tests.Support;

/// <summary>
/// A lake as a process sees it that dies at its n-th call: before the call does anything, or after it did all but before the caller hears
/// of it. From then on nothing it asks for happens.
/// </summary>
internal sealed class MortalStore(ILakeStore lake, int diesAtCall, bool afterwards) : ILakeStore
{
    private readonly TaskCompletionSource _died = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _calls;

    public Task Died => _died.Task;

    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await LiveAsync(() => Task.FromResult(0));
        await foreach (var entry in lake.ListAsync(folder, cancellationToken)) yield return entry;
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        LiveAsync(() => lake.OpenReadAsync(path, cancellationToken));

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        LiveAsync(() => lake.StageAsync(path, write, cancellationToken));

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) =>
        LiveAsync(() => lake.CommitAsync(stagedPath, path, cancellationToken));

    public Task SettleAsync(string path, CancellationToken cancellationToken) => LiveAsync(() => lake.SettleAsync(path, cancellationToken));

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => LiveAsync(() => lake.DeleteAsync(path, cancellationToken));

    private async Task LiveAsync(Func<Task> call) => await LiveAsync(async () =>
    {
        await call();
        return true;
    });

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) => LiveAsync(async () =>
    {
        await lake.DeleteFolderAsync(folder, cancellationToken);
        return 0;
    });

    private async Task<T> LiveAsync<T>(Func<Task<T>> call)
    {
        var number = Interlocked.Increment(ref _calls);
        if (number > diesAtCall || (number == diesAtCall && !afterwards)) throw Die();
        var result = await call();
        return number == diesAtCall ? throw Die() : result;
    }

    private IOException Die()
    {
        _died.TrySetResult();
        return new IOException("The process is dead.");
    }
}
