using Banking.Streaming.Kafka.Topics;

namespace Banking.Streaming.Kafka.Tests.Topics;

/// <summary>What settings mean, and which ones a topic gets that is made.</summary>
public sealed class TopicCheckTests
{
    [Theory]
    [InlineData("delete", false, null)]
    [InlineData("compact", false, "is compacted")]
    [InlineData("compact,delete", false, "is compacted")]
    [InlineData("compact", true, null)]
    public void Refusal_WhenTheTopicIsCompactedAndThatIsNotAllowed_ThenASentence(string policy, bool isAllowed, string? part)
    {
        var refusal = TopicCheck.Refusal("events", Settings(("cleanup.policy", policy)), isAllowed);

        if (part is null) Assert.Null(refusal);
        else Assert.Contains(part, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "2", "false", null)]
    [InlineData(2, "2", "false", null)]
    [InlineData(1, "1", "false", "one replica")]
    [InlineData(3, "1", "false", "min.insync.replicas 1")]
    [InlineData(2, "3", "false", "takes no appends")]
    [InlineData(3, "2", "true", "unclean.leader.election.enable")]
    public void Warnings_WhenSettingsPutRecordsAtRisk_ThenEachIsASentence(int replicas, string least, string isUnclean, string? part)
    {
        var warnings = TopicCheck.Warnings(
            "events", Settings(("min.insync.replicas", least), ("unclean.leader.election.enable", isUnclean)), replicas);

        if (part is null) Assert.Empty(warnings);
        else Assert.Contains(part, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_WhenTheSettingsCanNotBeKnown_ThenThatIsSaid() =>
        Assert.Contains(
            "was not checked", Assert.Single(TopicCheck.Warnings("events", TopicSettings.Unknown("not authorized"), 3)),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(1, null)]
    [InlineData(2, null)]
    [InlineData(3, "2")]
    [InlineData(5, "2")]
    public void EventTopic_WhenItHasReplicas_ThenItIsMadeToKeepWhatIsAcknowledged(short replicas, string? least)
    {
        var topic = new TopicAdmin(null!, new KafkaLogOptions { ReplicationFactor = replicas }, TimeProvider.System).EventTopic();

        Assert.Equal(least, topic.Configs.GetValueOrDefault("min.insync.replicas"));
        Assert.Equal("false", topic.Configs["unclean.leader.election.enable"]);
    }

    private static TopicSettings Settings(params (string Name, string Value)[] entries) =>
        TopicSettings.Read(entries.ToDictionary(entry => entry.Name, entry => entry.Value));
}
