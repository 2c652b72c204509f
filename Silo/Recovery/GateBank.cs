using Banking.Gate;
using Banking.Lake;

namespace Banking.Silo.Recovery;

/// <summary>The bank as this silo's gate knows it.</summary>
internal sealed class GateBank(BankGate gate) : IBankIdentity
{
    public string? BankId => gate.Bank;

    public DateTimeOffset? UnsignedUntil => gate.Status.UnsignedUntil;
}
