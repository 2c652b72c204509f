using System.Collections.Concurrent;
using Banking.Hosting;
using Banking.Storage;
using Banking.Streaming.Log;

namespace Banking.Silo.Health;

/// <param name="Key">What it is about.</param>
/// <param name="Sentence">For people.</param>
/// <param name="IsCritical">True if players can't or must not be answered: the silo is not ready.</param>
/// <param name="Since">When it began, as far as is known (UTC).</param>
internal sealed record Finding(string Key, string Sentence, bool IsCritical, DateTimeOffset Since);

/// <summary>
/// What any room of this process has to tell operators, for as long as it is true. Lower rooms know it by their own ports. Findings of
/// sinks travel with the sinks' status instead, as they may be on another silo. Thread-safe.
/// </summary>
internal sealed class Findings(TimeProvider time) : IStorageFindings, ILogFindings, IGameFindings
{
    private readonly ConcurrentDictionary<string, Finding> _all = new(StringComparer.Ordinal);

    /// <summary>All findings in the order of their keys.</summary>
    public IReadOnlyList<Finding> All => [.. _all.Values.OrderBy(finding => finding.Key, StringComparer.Ordinal)];

    public void Report(string key, string sentence, bool isCritical = false)
    {
        // Reporting the same finding again allocates nothing.
        if (_all.TryGetValue(key, out var known) && known.IsCritical == isCritical && known.Sentence == sentence) return;
        _all.AddOrUpdate(
            key,
            static (key, said) => new Finding(key, said.Sentence, said.IsCritical, said.Now),
            static (_, known, said) => known with { Sentence = said.Sentence, IsCritical = said.IsCritical },
            (Sentence: sentence, IsCritical: isCritical, Now: time.GetUtcNow()));
    }

    public void Clear(string key) => _all.TryRemove(key, out _);
}

/// <summary>One part of what players and operators rely on, whose state can be asked for.</summary>
internal interface IHealthPart
{
    /// <summary>
    /// What is wrong with it now; nothing if all is well. Bounded in time by the part itself, and never called twice at once.
    /// </summary>
    Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken);
}
