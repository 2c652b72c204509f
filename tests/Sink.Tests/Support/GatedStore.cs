using Banking.Lake.Store;

namespace Banking.Sink.Tests.Support;

/// <summary>A lake as an owner sees it that stands still just before it renames a table's file, until told to go on.</summary>
internal sealed class GatedStore(ILakeStore lake) : ILakeStore
{
    private readonly TaskCompletionSource _stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goesOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Stands => _stands.Task;

    public void GoOn() => _goesOn.SetResult();

    public IAsyncEnumerable<LakeEntry> ListAsync(string folder, CancellationToken cancellationToken) =>
        lake.ListAsync(folder, cancellationToken);

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) => lake.OpenReadAsync(path, cancellationToken);

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        lake.StageAsync(path, write, cancellationToken);

    public async Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken)
    {
        if (path.EndsWith(".parquet", StringComparison.Ordinal))
        {
            _stands.TrySetResult();
            await _goesOn.Task.WaitAsync(cancellationToken);
        }

        return await lake.CommitAsync(stagedPath, path, cancellationToken);
    }

    public Task SettleAsync(string path, CancellationToken cancellationToken) => lake.SettleAsync(path, cancellationToken);

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) => lake.DeleteFolderAsync(folder, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => lake.DeleteAsync(path, cancellationToken);
}
