using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Storage;

namespace Banking.Silo.Accounts;

/// <summary>Gives accounts by their ids.</summary>
internal interface IAccountReferences
{
    IAccountGrain Get(string accountId);
}

/// <summary>
/// References to accounts. The grain factory looks up an interface's type by reflection for every reference that it makes, which was 4 % of
/// a deposit's processor time. What it finds for one account holds for all. Thread-safe.
/// </summary>
internal sealed class AccountReferences(IGrainFactory grains) : IAccountReferences
{
    private readonly Lazy<GrainReference> _any = new(() => (GrainReference)grains.GetGrain<IAccountGrain>("any"));

    public IAccountGrain Get(string accountId)
    {
        var any = _any.Value;
        return (IAccountGrain)grains.GetGrain(GrainId.Create(any.GrainId.Type, IdSpan.Create(accountId)), any.InterfaceType);
    }
}

/// <summary>What storage knows about accounts without calling them.</summary>
internal sealed class AccountIndex([FromKeyedServices(GameNames.Storage)] IGrainIndex index) : IUnpublishedAccounts
{
    public async IAsyncEnumerable<string> FindAsync(
        DateTimeOffset writtenBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var grain in index.FindPendingAsync(GameNames.AccountState, writtenBefore, cancellationToken))
        {
            yield return grain.Key.ToString()!;
        }
    }

    /// <summary>Account ids in the order of their UTF-8 bytes, including those of deleted accounts.</summary>
    public Task<IReadOnlyList<string>> ListAsync(string? after, int limit, CancellationToken cancellationToken) =>
        index.ListKeysAsync(GameNames.AccountState, after, limit, cancellationToken);
}
