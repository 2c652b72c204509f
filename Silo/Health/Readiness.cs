using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Banking.Silo.Health;

/// <summary>
/// What players experience: unhealthy if actions can't or must not be answered; degraded if they are answered but the lake or queries are
/// behind. The description says what is wrong, worst first.
/// </summary>
internal sealed class Readiness(HealthView view) : IHealthCheck
{
    /// <summary>The name of the findings in the check's data.</summary>
    public const string FindingsName = "findings";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var findings = await view.LookAsync(cancellationToken);
        var data = new Dictionary<string, object> { [FindingsName] = findings };
        if (findings.Count == 0) return HealthCheckResult.Healthy(data: data);
        var sentences = string.Join(' ', findings.Select(finding => finding.Sentence));
        return findings[0].IsCritical ? HealthCheckResult.Unhealthy(sentences, data: data) : HealthCheckResult.Degraded(
            sentences, data: data);
    }
}
