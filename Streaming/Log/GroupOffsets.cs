namespace Banking.Streaming.Log;

/// <summary>What a log does with the offsets that groups commit.</summary>
public static class GroupOffsets
{
    /// <summary>
    /// Logs forget a group's offset that nobody commits for a while (Kafka: <c>offsets.retention.minutes</c>, a week by default, also
    /// while the group runs and has nothing new to commit): one that stands still is committed again after this time.
    /// </summary>
    public static readonly TimeSpan RenewAfter = TimeSpan.FromHours(1);
}
