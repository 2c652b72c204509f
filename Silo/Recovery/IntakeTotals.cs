using System.Collections.Concurrent;
using System.Globalization;

namespace Banking.Silo.Recovery;

/// <summary>What a check has found so far. Thread-safe.</summary>
internal sealed class IntakeTotals
{
    private long _read;
    private long _taken;
    private long _written;
    private long _setAside;
    private long _namesUnknown;

    /// <summary>How many events of accounts were looked at.</summary>
    public long Read => Interlocked.Read(ref _read);

    /// <summary>How many events storage lacked and has now, or will have soon.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    /// <summary>How many accounts' records were written.</summary>
    public long Written => Interlocked.Read(ref _written);

    public long SetAside => Interlocked.Read(ref _setAside);

    public long NamesUnknown => Interlocked.Read(ref _namesUnknown);

    /// <summary>
    /// Accounts whose events go on after ones that were not found yet: the first missing number, and the first number found after it.
    /// </summary>
    public ConcurrentDictionary<string, (long Missing, long Found)> Gaps { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether anything in storage was changed.</summary>
    public bool HasChanged => Written > 0;

    public void Add(int read, int taken)
    {
        Interlocked.Add(ref _read, read);
        Interlocked.Add(ref _taken, taken);
    }

    public void Wrote(int accounts) => Interlocked.Add(ref _written, accounts);

    public void FoundSetAside() => Interlocked.Increment(ref _setAside);

    public void FoundNameless() => Interlocked.Increment(ref _namesUnknown);

    public static string GapSentence((long Missing, long Found) gap) => gap.Missing >= gap.Found - 1
        ? string.Create(CultureInfo.InvariantCulture, $"its event {gap.Missing} is neither in the log nor in the lake, and later ones are.")
        : string.Create(
            CultureInfo.InvariantCulture,
            $"its events {gap.Missing} to {gap.Found - 1} are neither in the log nor in the lake, and later ones are.");
}
