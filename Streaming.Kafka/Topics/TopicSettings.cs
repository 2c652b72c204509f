using System.Globalization;

namespace Banking.Streaming.Kafka.Topics;

/// <summary>The settings of a topic that matter to a log. A setting is null if it is not known.</summary>
/// <param name="MaxMessageBytes"><c>max.message.bytes</c>: how large a batch may be, and thus a record with what the batch adds to
/// it.</param>
/// <param name="IsCompacted"><c>cleanup.policy</c> has <c>compact</c>: only the last record of a key is kept, and records without a key are
/// refused.</param>
/// <param name="HasUncleanElections"><c>unclean.leader.election.enable</c>: a broker that lacks records may become their leader.</param>
/// <param name="MinInSyncReplicas"><c>min.insync.replicas</c>: how many replicas must have a record before it is acknowledged.</param>
/// <param name="WhyUnknown">Why they can't be known here, as the brokers said it; null if they are known.</param>
internal sealed record TopicSettings(
    int? MaxMessageBytes, bool IsCompacted, bool HasUncleanElections, int? MinInSyncReplicas, string? WhyUnknown = null)
{
    public static TopicSettings Unknown(string why) => new(null, false, false, null, why);

    public static TopicSettings Read(IReadOnlyDictionary<string, string> entries)
    {
        int? Number(string name) =>
            int.TryParse(entries.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return new TopicSettings(
            Number("max.message.bytes"),
            entries.GetValueOrDefault("cleanup.policy", "").Split(',').Contains("compact", StringComparer.Ordinal),
            entries.GetValueOrDefault("unclean.leader.election.enable") == "true",
            Number("min.insync.replicas"));
    }
}
