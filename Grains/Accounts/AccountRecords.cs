using Banking.Clocks;
using Banking.Events;
using Banking.Gate;
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
    SteadyClock clock,
    BankGate? gate = null)
{
    private static readonly TimeSpan GateTimeout = TimeSpan.FromSeconds(10);

    /// <param name="written">Told after each write whether it succeeded.</param>
    /// <exception cref="BankClosedException">Storage has not been checked against the log yet, or failed the check.</exception>
    public async Task<AccountRecord> LoadAsync(GrainId account, Action<bool> written)
    {
        if (gate is not null) await gate.WaitUntilOpenAsync(GateTimeout, clock.Provider);
        var version = gate?.Version ?? 0;
        var stored = new GrainState<AccountState>();
        await storage.ReadStateAsync(GameNames.AccountState, account, stored);
        stored.State ??= new AccountState();
        var keys = new KeyPages(account, storage);
        var memory = stored.State.Memory;
        var complete = await keys.LoadAsync(memory.FirstKeyPage, memory.KeyPages);
        memory = memory.Loaded(keys.Stored);
        if (!complete) memory = memory.Distrust(clock.GetUtcNow(), clock.GetUtcNow() + options.Value.RememberFor);
        stored.State = stored.State with { Memory = memory };
        var route = new EventRoute(account.Key.ToString()!, streams, settling, clock.Provider);
        return new AccountRecord(
            account, storage, stored, keys, route, written, () => gate is not null && gate.Version != version, options.Value, clock);
    }
}
