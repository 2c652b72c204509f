using Banking.Recovery;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Recovery;

/// <summary>Not ready while nobody may act; degraded while storage could not be compared with the log, or with accounts that are set aside.</summary>
internal sealed class BankReadiness(BankGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var status = gate.Status;
        return Task.FromResult(status.Stage switch
        {
            BankStage.Checked when status.Sentence is null => HealthCheckResult.Healthy(),
            BankStage.Checked or BankStage.Unchecked => HealthCheckResult.Degraded(status.Sentence),
            _ => HealthCheckResult.Unhealthy(status.Sentence ?? "The database is being checked against the log."),
        });
    }
}
