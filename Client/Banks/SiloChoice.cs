namespace Banking.Client.Banks;

/// <summary>
/// Which of several silos to ask: each caller's own while it answers, else the next one that does. One that failed is left alone for a
/// while, which doubles with each failure in a row, and is then tried by one caller. Safe for concurrent use.
/// </summary>
internal sealed class SiloChoice(int count, TimeProvider time)
{
    private static readonly TimeSpan ShortestRest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly (int Failures, long Last)[] _failed = new (int, long)[count];
    private readonly Lock _lock = new();
    private int _homes = -1;

    /// <summary>Spreads callers over the silos: each one's own is another than the one's before.</summary>
    public int NextHome() => (int)((uint)Interlocked.Increment(ref _homes) % (uint)count);

    /// <summary>Asks one silo after the other until one answers, each at most once.</summary>
    /// <param name="home">The silo that is asked first while it answers.</param>
    /// <param name="ask">Given a silo's number; a <see cref="BankUnavailableException"/> sends the question to the next.</param>
    /// <exception cref="BankUnavailableException">None answered; it says why the last one did not.</exception>
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
                // Another silo is left to ask.
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
                    // Who comes meanwhile goes elsewhere.
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

    /// <returns>Whether there is a silo that was not asked yet.</returns>
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
