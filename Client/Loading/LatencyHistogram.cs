using System.Numerics;

namespace Banking.Client.Loading;

/// <summary>
/// Counts durations in buckets that grow with the value, as HdrHistogram does: every value is known to better than 1 %, in constant memory.
/// It covers 1 µs to 12 days. Not safe for concurrent use: keep one per thread and add them up.
/// </summary>
internal sealed class LatencyHistogram
{
    // 128 buckets for each power of two: the widest one spans 1/128 of its values.
    private const int Precision = 7;
    private const long Largest = (1L << 40) - 1;

    private readonly long[] _counts = new long[IndexOf(Largest) + 1];

    public long Count { get; private set; }

    public TimeSpan Max { get; private set; }

    public void Add(TimeSpan duration)
    {
        var micros = Math.Clamp((long)duration.TotalMicroseconds, 0, Largest);
        _counts[IndexOf(micros)]++;
        Count++;
        if (duration > Max) Max = duration;
    }

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        if (other.Max > Max) Max = other.Max;
    }

    /// <summary>The duration that <paramref name="percent"/> (0 to 100) of the values do not exceed; zero if there are none.</summary>
    public TimeSpan Percentile(double percent)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(Count * percent / 100));
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen < rank || Count == 0) continue;
            var upper = TimeSpan.FromMicroseconds(UpperBoundOf(i));
            return upper < Max ? upper : Max;
        }

        return Max;
    }

    // Below 2^8 every value has its own bucket; above, the index is (power, next 7 bits).
    private static int IndexOf(long micros)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)micros | 1) - Precision);
        return (shift << Precision) + (int)(micros >> shift);
    }

    private static long UpperBoundOf(int index)
    {
        var shift = Math.Max(0, (index >> Precision) - 1);
        var low = (long)(index - (shift << Precision)) << shift;
        return low + (1L << shift) - 1;
    }
}
