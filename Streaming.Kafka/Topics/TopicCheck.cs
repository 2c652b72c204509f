namespace Banking.Streaming.Kafka.Topics;

/// <summary>What a topic's settings mean for a log that must not lose what it has acknowledged. Pure.</summary>
internal static class TopicCheck
{
    /// <summary>Why the topic can't be used as a log; null if it can.</summary>
    public static string? Refusal(string topic, TopicSettings settings, bool allowCompaction) => settings.IsCompacted && !allowCompaction
        ? $"the topic '{topic}' is compacted: it drops all records of a key but the last one, and refuses those without a key. "
            + "Set its cleanup.policy to delete"
        : null;

    /// <summary>Sentences about what puts acknowledged records at risk.</summary>
    public static IReadOnlyList<string> Warnings(string topic, TopicSettings settings, int replicas)
    {
        var warnings = new List<string>();
        if (settings.WhyUnknown is { } why)
            warnings.Add($"The settings of the topic '{topic}' can't be read ({why}): "
                + "whether they keep what is acknowledged was not checked.");
        if (settings.HasUncleanElections)
        {
            warnings.Add(
                $"The topic '{topic}' has unclean.leader.election.enable: a broker that lacks acknowledged records may become their "
                    + "leader, "
                + "and they are lost. Set it to false.");
        }

        if (replicas <= 1)
            warnings.Add($"The topic '{topic}' has one replica: what its broker loses, a power cut's last seconds included, is lost "
                + "though it was acknowledged. Give it three.");
        else if (settings.MinInSyncReplicas == 1)
            warnings.Add($"The topic '{topic}' has min.insync.replicas 1: a record may be acknowledged by one broker alone, "
                + "and be lost with it. Set it to 2.");
        else if (settings.MinInSyncReplicas > replicas)
            warnings.Add($"The topic '{topic}' has min.insync.replicas {settings.MinInSyncReplicas} and only {replicas} replicas: "
                + "it takes no appends.");
        return warnings;
    }
}
