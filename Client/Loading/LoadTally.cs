using Banking.Accounts;

namespace Banking.Client.Loading;

/// <summary>What one connection counted. Written by its player only; <see cref="Answered"/> may be read by others meanwhile.</summary>
internal sealed class LoadTally
{
    private long _answered;

    public long Answered => Volatile.Read(ref _answered);

    /// <summary>From asking to the answer that counted, retries and their pauses included.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>By <see cref="ActionCode"/>.</summary>
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
