using Banking.Streaming.Kafka.Producing;
using Banking.Streaming.Log;
using Microsoft.Extensions.Time.Testing;
using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Tests.Producing;

/// <summary>What an error says of the next try, and what is kept of it until then.</summary>
public sealed class AppendFailureTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(ErrorCode.MsgSizeTooLarge, AppendFailure.OfTheRecord)]
    [InlineData(ErrorCode.InvalidMsgSize, AppendFailure.OfTheRecord)]
    [InlineData(ErrorCode.RecordListTooLarge, AppendFailure.OfTheRecord)]
    [InlineData(ErrorCode.InvalidRecord, AppendFailure.OfTheRecord)]
    [InlineData(ErrorCode.InvalidTimestamp, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.TopicAuthorizationFailed, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.ClusterAuthorizationFailed, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.TopicException, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.InvalidRequiredAcks, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.UnsupportedForMessageFormat, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.UnsupportedCompressionType, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.PolicyViolation, AppendFailure.OfTheTopic)]
    [InlineData(ErrorCode.NotEnoughReplicas, AppendFailure.Passing)]
    [InlineData(ErrorCode.NotLeaderForPartition, AppendFailure.Passing)]
    [InlineData(ErrorCode.OutOfOrderSequenceNumber, AppendFailure.Passing)]
    [InlineData(ErrorCode.KafkaStorageError, AppendFailure.Passing)]
    [InlineData(ErrorCode.Local_PurgeInflight, AppendFailure.Passing)]
    internal void Of_WhenTheBrokersSayIt_ThenItIsOfTheRecordOfTheTopicOrPasses(ErrorCode error, AppendFailure expected) =>
        Assert.Equal(expected, AppendFailures.Of(error));

    [Fact]
    public void Judge_WhenARecordWasRefusedAlone_ThenItIsRefusedForAWhileAndThenTriedAloneAgain()
    {
        var refused = new RefusedRecords(_time);
        refused.Add(Record("poison"), "It is too large.");

        Assert.Equal((true, "It is too large."), refused.Judge([Record("innoc."), Record("poison")]));
        Assert.Equal((false, null), refused.Judge([Record("innoc.")]));
        _time.Advance(RefusedRecords.TryAgainAfter);
        Assert.Equal((true, null), refused.Judge([Record("poison")]));
    }

    [Fact]
    public void Judge_WhenASuspectWasTaken_ThenItIsNoneAnyMore()
    {
        var refused = new RefusedRecords(_time);
        refused.Add(Record("a"), null);
        Assert.Equal((true, null), refused.Judge([Record("a")]));

        refused.Remove([Record("a")]);

        Assert.Equal((false, null), refused.Judge([Record("a")]));
    }

    [Fact]
    public void Refused_WhenATopicIsRefusedAgainAndAgain_ThenThePausesGrowToABound()
    {
        var pause = new TopicPause(_time);
        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 30, 30 })
        {
            Assert.True(pause.Refused("events", "no rights"));
            Assert.False(pause.Refused("events", "no rights"));
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Contains("no rights", pause.Current, StringComparison.Ordinal);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Null(pause.Current);
        }

        _time.Advance(TimeSpan.FromMinutes(2));
        pause.Refused("events", "no rights");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(pause.Current);
    }

    private static NewLogRecord Record(string value) => new(default, System.Text.Encoding.UTF8.GetBytes(value), []);
}
