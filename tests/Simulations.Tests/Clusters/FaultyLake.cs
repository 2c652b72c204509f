using System.Runtime.CompilerServices;
using Banking.Lake.Store;

namespace Banking.Simulations.Tests.Clusters;

/// <summary>One silo's way to the lake, that fails or stands still as told.</summary>
internal sealed class FaultyLake(ILakeStore lake, string silo, Faults faults) : ILakeStore, IDisposable
{
    public void Dispose() => (lake as IDisposable)?.Dispose();

    public async IAsyncEnumerable<LakeEntry> ListAsync(string folder, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await faults.Lake.Run(() => Task.CompletedTask);
        await foreach (var entry in lake.ListAsync(folder, cancellationToken)) yield return entry;
    }

    public Task<Stream> OpenReadAsync(string path, CancellationToken cancellationToken) =>
        faults.Lake.Run(() => lake.OpenReadAsync(path, cancellationToken));

    public Task<long> StageAsync(string path, Func<Stream, CancellationToken, Task> write, CancellationToken cancellationToken) =>
        faults.Lake.Run(() => lake.StageAsync(path, write, cancellationToken));

    // A rename that is under way does not ask whether anybody still waits for it.
    public Task<bool> CommitAsync(string stagedPath, string path, CancellationToken cancellationToken) => faults.Lake.Run(async () =>
    {
        await faults.Gates.Pass(silo);
        return await lake.CommitAsync(stagedPath, path, CancellationToken.None);
    });

    public Task SettleAsync(string path, CancellationToken cancellationToken) =>
        faults.Lake.Run(() => lake.SettleAsync(path, cancellationToken));

    public Task DeleteAsync(string path, CancellationToken cancellationToken) =>
        faults.Lake.Run(() => lake.DeleteAsync(path, cancellationToken));

    public Task DeleteFolderAsync(string folder, CancellationToken cancellationToken) =>
        faults.Lake.Run(() => lake.DeleteFolderAsync(folder, cancellationToken));
}
