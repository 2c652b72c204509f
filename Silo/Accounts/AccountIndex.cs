using System.Runtime.CompilerServices;
using Banking.Accounts;
using Banking.Storage;

namespace Banking.Silo.Accounts;

/// <summary>What storage knows of accounts without calling them.</summary>
internal sealed class AccountIndex([FromKeyedServices(GameNames.Storage)] IGrainIndex index) : IUnpublishedAccounts
{
    public async IAsyncEnumerable<string> Find(DateTimeOffset writtenBefore, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (
            var grain in index.FindPending(GameNames.AccountState, writtenBefore, cancellationToken)) yield return grain.Key.ToString()!;
    }

    /// <summary>Account ids in the order of their UTF-8 bytes, of deleted accounts too.</summary>
    public Task<IReadOnlyList<string>> List(string? after, int limit, CancellationToken cancellationToken) =>
        index.ListKeys(GameNames.AccountState, after, limit, cancellationToken);
}
