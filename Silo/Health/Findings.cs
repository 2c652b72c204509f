using System.Collections.Concurrent;
using Banking.Hosting;
using Banking.Storage;
using Banking.Streaming.Log;

namespace Banking.Silo.Health;

/// <param name="Key">What it is about.</param>
/// <param name="Sentence">For people.</param>
/// <param name="IsCritical">Players can't be answered, or must not be: the silo is not ready.</param>
/// <param name="Since">Since when it is so, as far as is known (UTC).</param>
internal sealed record Finding(string Key, string Sentence, bool IsCritical, DateTimeOffset Since);

/// <summary>
/// What any room of this process has to say to operators, for as long as it is so. Rooms below know it by ports of their own. What sinks
/// find travels with their status instead, as they may be on another silo. Thread-safe.
/// </summary>
internal sealed class Findings(TimeProvider time) : IStorageFindings, ILogFindings, IGameFindings
{
    private readonly ConcurrentDictionary<string, Finding> _all = new(StringComparer.Ordinal);

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<Finding> All => [.. _all.Values.OrderBy(finding => finding.Key, StringComparer.Ordinal)];

    public void Report(string key, string sentence, bool isCritical = false)
    {
        // The same again allocates nothing.
        if (_all.TryGetValue(key, out var known) && known.IsCritical == isCritical && known.Sentence == sentence) return;
        _all.AddOrUpdate(
            key,
            static (key, said) => new Finding(key, said.Sentence, said.IsCritical, said.Now),
            static (_, known, said) => known with { Sentence = said.Sentence, IsCritical = said.IsCritical },
            (Sentence: sentence, IsCritical: isCritical, Now: time.GetUtcNow()));
    }

    public void Clear(string key) => _all.TryRemove(key, out _);
}
