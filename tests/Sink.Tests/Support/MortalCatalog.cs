using Banking.Lake.Catalog;
using Banking.Lake.Tables;

namespace Banking.Sink.Tests.Support;

/// <summary>
/// A catalog as a process sees it that dies at its n-th call: before the call does anything, or after it did all but before the caller
/// hears of it. After every call that is made somebody looks.
/// </summary>
internal sealed class MortalCatalog(ILakeCatalog catalog, int diesAtCall, bool afterwards, Func<Task> look) : ILakeCatalog
{
    private int _calls;

    public string Address => catalog.Address;

    public Task EnsureDatabaseAsync(CancellationToken cancellationToken) => LiveAsync(async () =>
    {
        await catalog.EnsureDatabaseAsync(cancellationToken);
        return 0;
    });

    public Task<string?> EnsureTableAsync(LakeTable table, CancellationToken cancellationToken) =>
        LiveAsync(() => catalog.EnsureTableAsync(table, cancellationToken));

    public Task<IReadOnlyDictionary<DateOnly, LakePartition>> ListPartitionsAsync(LakeTable table, CancellationToken cancellationToken) =>
        LiveAsync(() => catalog.ListPartitionsAsync(table, cancellationToken));

    public Task AddPartitionsAsync(LakeTable table, IReadOnlyCollection<PartitionPlace> places, CancellationToken cancellationToken) =>
        LiveAsync(async () =>
    {
        await catalog.AddPartitionsAsync(table, places, cancellationToken);
        return 0;
    });

    public Task<LakePartition?> GetPartitionAsync(LakeTable table, DateOnly day, CancellationToken cancellationToken) =>
        LiveAsync(() => catalog.GetPartitionAsync(table, day, cancellationToken));

    public Task<bool> AlterLocationAsync(
        LakeTable table, DateOnly day, string folder, IReadOnlyDictionary<string, string> parameters,
        CancellationToken cancellationToken) =>
        LiveAsync(() => catalog.AlterLocationAsync(table, day, folder, parameters, cancellationToken));

    private async Task<T> LiveAsync<T>(Func<Task<T>> call)
    {
        var number = ++_calls;
        if (number > diesAtCall || (number == diesAtCall && !afterwards)) throw Dead();
        var result = await call();
        await look();
        return number == diesAtCall ? throw Dead() : result;
    }

    private static CatalogException Dead() => new("The process is dead.") { IsAway = true };
}
