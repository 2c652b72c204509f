using Banking.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Banking.Accounts;

/// <summary>Loads accounts' records from storage. One for each silo; thread-safe.</summary>
internal sealed class AccountRecords(
    [FromKeyedServices(GameNames.Storage)] IGrainStorage storage,
    EventStreams streams,
    PartitionSettling settling,
    IOptions<AccountOptions> options,
    TimeProvider clock)
{
    /// <param name="written">Told after each write whether it succeeded.</param>
    public async Task<AccountRecord> Load(GrainId account, Action<bool> written)
    {
        var stored = new GrainState<AccountState>();
        await storage.ReadStateAsync(GameNames.AccountState, account, stored);
        stored.State ??= new AccountState();
        var route = new EventRoute(account.Key.ToString()!, streams, settling, clock);
        return new AccountRecord(account, storage, stored, route, written, options.Value, clock);
    }
}
