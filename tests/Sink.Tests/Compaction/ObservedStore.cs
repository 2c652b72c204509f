using System.Runtime.CompilerServices;
using Banking.Lake.Store;

namespace Banking.Sink.Tests.Compaction;

/// <summary>A lake that somebody looks at after every call.</summary>
internal sealed class ObservedStore(ILakeStore lake, Func<Task> look) : ILakeStore
{
    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in lake.ListAsync(folder, cancellationToken)) yield return entry;
        await look();
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        ThenLookAsync(lake.OpenReadAsync(path, cancellationToken));

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        ThenLookAsync(lake.StageAsync(path, write, cancellationToken));

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) =>
        ThenLookAsync(lake.CommitAsync(stagedPath, path, cancellationToken));

    public async Task DeleteAsync(string path, CancellationToken cancellationToken)
    {
        await lake.DeleteAsync(path, cancellationToken);
        await look();
    }

    public async Task SettleAsync(string path, CancellationToken cancellationToken)
    {
        await lake.SettleAsync(path, cancellationToken);
        await look();
    }

    public async Task DeleteFolderAsync(string folder, CancellationToken cancellationToken)
    {
        await lake.DeleteFolderAsync(folder, cancellationToken);
        await look();
    }

    private async Task<T> ThenLookAsync<T>(Task<T> call)
    {
        var result = await call;
        await look();
        return result;
    }
}
