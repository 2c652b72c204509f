using Banking.Gate;
using Banking.Lake;
using Banking.Recovery;
using Banking.Repair;
using Banking.Silo.Settings;

namespace Banking.Silo.Recovery;

/// <summary>Adds the check of storage against the log to a silo.</summary>
internal static class RecoveryHosting
{
    private static readonly TimeSpan ReplicaLag = TimeSpan.FromMinutes(10);

    /// <summary>From the start on, accounts of the silo wait until the check is done.</summary>
    public static void AddBankCheck(this IServiceCollection services, EmbeddedParts embedded)
    {
        services.AddSingleton(new MarkLag(embedded.HasStorage ? TimeSpan.Zero : ReplicaLag));
        services.AddSingleton(_ =>
        {
            var gate = new BankGate();
            gate.Set(new BankStatus(BankStage.Checking, null, null, 0));
            return gate;
        });
        services.AddSingleton<IBankIdentity, GateBank>();
        services.AddSingleton<AccountStore>();
        services.AddSingleton<BankCheck>();
        services.AddSingleton<BankKeeper>();
        services.AddSingleton<IRepairPart, MarkRepair>();
        services.AddHostedService<BankWatch>();
    }
}
