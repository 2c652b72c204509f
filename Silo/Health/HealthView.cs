namespace Banking.Silo.Health;

/// <summary>
/// All that is wrong with the silo and what it stands on, looked at when somebody asks: at most once a second, and once for all who ask
/// meanwhile, so that polls cost nothing. Thread-safe.
/// </summary>
internal sealed class HealthView(IEnumerable<IHealthPart> parts, Findings findings, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly IHealthPart[] _parts = [.. parts];
    private readonly Lock _lock = new();
    private Dictionary<string, Finding> _last = [];
    private Task<IReadOnlyList<Finding>>? _look;
    private long _endedAt;

    /// <summary>Critical ones first, then by key.</summary>
    public async Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<Finding>> look;
        lock (_lock)
        {
            if (_look is null || (_look.IsCompleted && time.GetElapsedTime(_endedAt) >= Lifetime)) _look = LookAnewAsync();
            look = _look;
        }

        return await look.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<Finding>> LookAnewAsync()
    {
        try
        {
            var found = await Task.WhenAll(_parts.Select(part => part.LookAsync(CancellationToken.None)));
            Finding[] all = [.. found.SelectMany(some => some).Concat(findings.All).Select(SinceFirstSeen)];
            _last = all.DistinctBy(finding => finding.Key).ToDictionary(finding => finding.Key, StringComparer.Ordinal);
            return [.. all.OrderByDescending(finding => finding.IsCritical).ThenBy(finding => finding.Key, StringComparer.Ordinal)];
        }
        finally
        {
            _endedAt = time.GetTimestamp();
        }
    }

    // Parts know how things are, not how long they have been so.
    private Finding SinceFirstSeen(Finding finding) =>
        _last.TryGetValue(finding.Key, out var known) && known.Since < finding.Since ? finding with { Since = known.Since } : finding;
}
