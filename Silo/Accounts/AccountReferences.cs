using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Storage;

namespace Banking.Silo.Accounts;

/// <summary>Gives accounts by their ids.</summary>
internal interface IAccountReferences
{
    IAccountGrain Get(string accountId);

    /// <summary>Whether an account was ever opened, as far as acknowledged actions say. It is not called for that.</summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    ValueTask<bool> ExistsAsync(string accountId);
}

/// <summary>
/// References to accounts. The grain factory looks up an interface's type by reflection for every reference that it makes, which was 4 % of
/// a deposit's processor time. What it finds for one account holds for all.
/// <para>
/// Accounts that exist once exist for ever, deleted ones too. So those that were met last are remembered, and storage is asked only about
/// others. Thread-safe.
/// </para>
/// </summary>
internal sealed class AccountReferences(IGrainFactory grains, [FromKeyedServices(GameNames.Storage)] IGrainIndex index)
    : IAccountReferences
{
    private const int Remembered = 1 << 16;

    // Each id has one place, which it may lose to another one. That one is found in storage again.
    private readonly string?[] _known = new string?[Remembered];

    private readonly Lazy<GrainReference> _any = new(() => (GrainReference)grains.GetGrain<IAccountGrain>("any"));

    public IAccountGrain Get(string accountId)
    {
        var any = _any.Value;
        return (IAccountGrain)grains.GetGrain(GrainId.Create(any.GrainId.Type, IdSpan.Create(accountId)), any.InterfaceType);
    }

    public ValueTask<bool> ExistsAsync(string accountId)
    {
        var place = (uint)StringComparer.Ordinal.GetHashCode(accountId) % Remembered;
        return _known[place] == accountId ? new(true) : new(FindAsync(accountId, place));
    }

    private async Task<bool> FindAsync(string accountId, uint place)
    {
        var account = GrainId.Create(_any.Value.GrainId.Type, IdSpan.Create(accountId));
        var found = await index.ReadManyAsync<AccountState>(GameNames.AccountState, [account]);
        if (!found[0].RecordExists) return false;
        _known[place] = accountId;
        return true;
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
