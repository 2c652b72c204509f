using Banking.Silo.Cluster;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Banking.Simulations.Tests.Clusters.Parts;

/// <summary>Asks the cluster's membership table, as the program asks its database, whether a silo is still in it.</summary>
internal sealed class TableProver(IMembershipTable table, ILocalSiloDetails silo, MembershipProof proof) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, TimeProvider.System);
        try
        {
            do
            {
                var asked = proof.Ask();
                var row = await table.ReadRowAsync(silo.SiloAddress, stoppingToken);
                if (row.Members is [{ Item1.Status: not (SiloStatus.None or SiloStatus.Dead) }]) proof.Prove(asked);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo has stopped.
        }
    }
}

/// <summary>Has silos hold back what they can't prove, as the program's do.</summary>
internal static class ProvenMembership
{
    public static void ProveMembership(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton(provider => new MembershipProof(
            MembershipProof.ValidityOf(
                provider.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value,
                provider.GetRequiredService<IOptions<GrainDirectoryOptions>>().Value),
            TimeProvider.System));
        silo.Services.AddHostedService<TableProver>();
        silo.AddIncomingGrainCallFilter<ProvenAnswers>();
    }
}
