namespace Banking.Silo.Health;

/// <summary>
/// Everything that is wrong with the silo and what it depends on. It is checked when somebody asks, but at most once a second, and once for
/// all callers that ask meanwhile, so that polling costs nothing. Thread-safe.
/// </summary>
internal sealed class HealthView(IEnumerable<IHealthPart> parts, Findings findings, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private readonly IHealthPart[] _parts = [.. parts];
    private readonly Lock _lock = new();
    private Dictionary<string, Finding> _last = [];
    private Task<IReadOnlyList<Finding>>? _look;
    private long _endedAt;

    /// <summary>The findings, critical ones first, then by key.</summary>
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

    // Parts know the state of things, not how long it has lasted.
    private Finding SinceFirstSeen(Finding finding) =>
        _last.TryGetValue(finding.Key, out var known) && known.Since < finding.Since ? finding with { Since = known.Since } : finding;
}
