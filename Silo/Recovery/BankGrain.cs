using Banking.Gate;
using Banking.Lake;
using Banking.Recovery;
using Orleans.Concurrency;

namespace Banking.Silo.Recovery;

/// <summary>The shell around this silo's <see cref="BankKeeper"/>; the silos' calls keep it in memory.</summary>
[GrainType("bank"), Reentrant]
internal sealed class BankGrain(BankKeeper keeper) : Grain, IBankGrain
{
    public Task<BankStatus> GetStatus()
    {
        keeper.Start();
        return Task.FromResult(keeper.Status);
    }

    public Task CheckAgain(string reason)
    {
        keeper.CheckAgain(reason);
        return Task.CompletedTask;
    }
}

/// <summary>The bank as this silo's gate knows it.</summary>
internal sealed class GateBank(BankGate gate) : IBankIdentity
{
    public string? BankId => gate.Bank;

    public DateTimeOffset? UnsignedUntil => gate.Status.UnsignedUntil;
}
