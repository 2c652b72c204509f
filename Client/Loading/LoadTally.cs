using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>What one connection has counted. Only its player writes it; others may read <see cref="Answered"/> meanwhile.</summary>
internal sealed class LoadTally
{
    private long _answered;

    public long Answered => Volatile.Read(ref _answered);

    /// <summary>The time from the first request to the final answer, including retries and their pauses.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>The number of answers by <see cref="ActionCode"/>.</summary>
    public long[] ByCode { get; } = new long[64];

    public long Replays { get; private set; }

    public long Retries { get; set; }

    public long Wrong { get; set; }

    public void Count(ActionCode code, TimeSpan latency, bool replay)
    {
        ByCode[(int)code]++;
        Latency.Add(latency);
        if (replay) Replays++;
        Volatile.Write(ref _answered, _answered + 1);
    }

    public void Add(LoadTally other)
    {
        for (var i = 0; i < ByCode.Length; i++) ByCode[i] += other.ByCode[i];
        Latency.Add(other.Latency);
        Replays += other.Replays;
        Retries += other.Retries;
        Wrong += other.Wrong;
        _answered += other.Answered;
    }
}
