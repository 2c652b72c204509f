using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Callers;
using Banking.Storage;

namespace Banking.Silo.Accounts;

/// <summary>Gives accounts by their ids.</summary>
internal interface IAccountReferences
{
    IAccountGrain Get(string accountId);

    /// <summary>
    /// Whether there is such an account for a caller, as far as acknowledged actions say: one that was opened, and is not somebody else's.
    /// It is not called for that, and what takes time is the same in both cases: a reading of storage.
    /// </summary>
    /// <exception cref="StorageReadFailedException">The database can't be read.</exception>
    ValueTask<bool> ExistsForAsync(string accountId, Caller? caller);
}

/// <summary>
/// References to accounts. The grain factory looks up an interface's type by reflection for every reference that it makes, which was 4 % of
/// a deposit's processor time. What it finds for one account holds for all.
/// <para>
/// Accounts that exist once exist for ever, deleted ones too. So those that were met last are remembered with their owners. Storage is
/// asked about others, and always for a caller to whom an account does not exist. Thread-safe.
/// </para>
/// </summary>
internal sealed class AccountReferences(IGrainFactory grains, [FromKeyedServices(GameNames.Storage)] IGrainIndex index)
    : IAccountReferences
{
    private const int Remembered = 1 << 16;

    // Each id has one place, which it may lose to another one. That one is found in storage again.
    private readonly Known?[] _known = new Known?[Remembered];

    private readonly Lazy<GrainReference> _any = new(() => (GrainReference)grains.GetGrain<IAccountGrain>("any"));

    public IAccountGrain Get(string accountId)
    {
        var any = _any.Value;
        return (IAccountGrain)grains.GetGrain(GrainId.Create(any.GrainId.Type, IdSpan.Create(accountId)), any.InterfaceType);
    }

    public ValueTask<bool> ExistsForAsync(string accountId, Caller? caller)
    {
        var place = (uint)StringComparer.Ordinal.GetHashCode(accountId) % Remembered;
        return _known[place] is { } known && known.AccountId == accountId && AccountAccess.MayRead(known.Owner, caller)
            ? new(true)
            : new(FindAsync(accountId, caller, place));
    }

    private async Task<bool> FindAsync(string accountId, Caller? caller, uint place)
    {
        var account = GrainId.Create(_any.Value.GrainId.Type, IdSpan.Create(accountId));
        var found = (await index.ReadManyAsync<AccountState>(GameNames.AccountState, [account]))[0];
        if (!found.RecordExists) return false;
        _known[place] = new Known(accountId, found.State!.Owner);
        return AccountAccess.MayRead(found.State.Owner, caller);
    }

    private sealed record Known(string AccountId, CallerId? Owner);
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
