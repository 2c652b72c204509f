using System.Globalization;
using Banking.Waiting;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>
/// While the brokers refuse everything for a topic, appends fail at once for a while after each refusal, without being handed over.
/// Otherwise each try would create a producer for nothing. Thread-safe.
/// </summary>
internal sealed class TopicPause(TimeProvider time)
{
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    private readonly Lock _lock = new();
    private string? _why;
    private long _since;
    private int _refusals = 1;
    private TimeSpan _pause = Pauses.First;

    /// <summary>Why nothing is sent now; null if appends are sent.</summary>
    public string? Current
    {
        get
        {
            if (Volatile.Read(ref _why) is null) return null;
            lock (_lock) return time.GetElapsedTime(_since) < _pause ? _why : null;
        }
    }

    /// <returns>True if this is the first refusal after a pause, false for those that were under way with it.</returns>
    public bool Refused(string topic, string reason)
    {
        lock (_lock)
        {
            if (_why is not null)
            {
                var elapsed = time.GetElapsedTime(_since);
                if (elapsed < _pause) return false;

                // A refusal after a quiet time starts a new series.
                _refusals = elapsed > _pause + Pauses.Longest ? 1 : _refusals + 1;
                _pause = Pauses.After(_refusals);
            }

            _why = string.Create(
                CultureInfo.InvariantCulture,
                $"The brokers take nothing for the topic '{topic}': {reason}. It is tried again {_pause.TotalSeconds} s after that "
                    + $"answer.");
            _since = time.GetTimestamp();
            return true;
        }
    }
}
