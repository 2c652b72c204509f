namespace Banking.Client.Banks;

/// <summary>
/// Chooses which of several silos to ask: each caller's own while it answers, otherwise the next one that does. A silo that failed is left
/// alone for a while, which doubles with each failure in a row, and is then tried by one caller. Safe for concurrent use.
/// </summary>
internal sealed class SiloChoice(int count, TimeProvider time)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly (int Failures, long Last)[] _failed = new (int, long)[count];
    private readonly Lock _lock = new();
    private int _homes = -1;

    /// <summary>Spreads callers over the silos: each caller's own silo differs from that of the caller before.</summary>
    public int NextHome() => (int)((uint)Interlocked.Increment(ref _homes) % (uint)count);

    /// <summary>Asks one silo after the other until one answers, each at most once.</summary>
    /// <param name="home">The silo that is asked first while it answers.</param>
    /// <param name="ask">Given a silo's number; a <see cref="BankUnavailableException"/> sends the question to the next.</param>
    /// <exception cref="BankUnavailableException">No silo answered; the exception says why the last one did not.</exception>
    public async ValueTask<T> AskAsync<T>(int home, Func<int, ValueTask<T>> ask)
    {
        var asked = new bool[count];
        while (true)
        {
            var silo = Choose(home, asked);
            asked[silo] = true;
            try
            {
                var answer = await ask(silo);
                Answered(silo);
                return answer;
            }
            catch (BankUnavailableException) when (Failed(silo, asked))
            {
                // There is another silo left to ask.
            }
        }
    }

    private int Choose(int home, bool[] asked)
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            var longestAway = -1;
            for (var i = 0; i < count; i++)
            {
                var silo = (home + i) % count;
                if (asked[silo]) continue;
                var (failures, last) = _failed[silo];
                if (failures == 0) return silo;
                if (time.GetElapsedTime(last, now) >= RestAfter(failures))
                {
                    // Callers that come meanwhile go elsewhere.
                    _failed[silo].Last = now;
                    return silo;
                }

                if (longestAway < 0 || last < _failed[longestAway].Last) longestAway = silo;
            }

            return longestAway;
        }
    }

    private void Answered(int silo)
    {
        lock (_lock) _failed[silo] = default;
    }

    /// <returns>Whether there is a silo that has not been asked yet.</returns>
    private bool Failed(int silo, bool[] asked)
    {
        lock (_lock) _failed[silo] = (Math.Min(_failed[silo].Failures + 1, 30), time.GetTimestamp());
        return asked.AsSpan().Contains(false);
    }

    private static TimeSpan RestAfter(int failures)
    {
        var rest = ShortestRest * Math.Pow(2, failures - 1);
        return rest < LongestRest ? rest : LongestRest;
    }
}
