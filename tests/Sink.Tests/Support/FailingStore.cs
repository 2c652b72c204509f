using Banking.Lake.Store;

namespace Banking.Sink.Tests.Support;

/// <summary>A lake whose disk is full for the first few files: a part is written, then it fails.</summary>
internal sealed class FailingStore(ILakeStore lake, int failures) : ILakeStore
{
    private int _left = failures;

    public IAsyncEnumerable<LakeEntry> ListAsync(string folder, CancellationToken cancellationToken) =>
        lake.ListAsync(folder, cancellationToken);

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) => lake.OpenReadAsync(path, cancellationToken);

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        lake.StageAsync(
        path,
        async (stream, token) =>
        {
            await write(stream, token);
            if (Interlocked.Decrement(ref _left) >= 0) throw new IOException("No space left on device.");
        },
        cancellationToken);

    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) =>
        lake.CommitAsync(stagedPath, path, cancellationToken);

    public Task SettleAsync(string path, CancellationToken cancellationToken) => lake.SettleAsync(path, cancellationToken);

    public Task DeleteAsync(string path, CancellationToken cancellationToken) => lake.DeleteAsync(path, cancellationToken);

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) => lake.DeleteFolderAsync(folder, cancellationToken);
}
