using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>What an error that ends an append means for the next try.</summary>
internal enum AppendFailure
{
    /// <summary>The next try may succeed; the producer, or its successor, goes on at once.</summary>
    Passing,

    /// <summary>No broker will take a record of the batch as it is.</summary>
    OfTheRecord,

    /// <summary>
    /// Nothing is accepted for the topic until a person has changed something: its settings, the rights, or this machine's clock.
    /// </summary>
    OfTheTopic,
}

internal static class AppendFailures
{
    public static AppendFailure Of(ErrorCode error) => error switch
    {
        ErrorCode.MsgSizeTooLarge or ErrorCode.InvalidMsgSize or ErrorCode.RecordListTooLarge
            or ErrorCode.InvalidRecord => AppendFailure.OfTheRecord,
        ErrorCode.TopicAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed or ErrorCode.TopicException
            or ErrorCode.InvalidRequiredAcks
            or ErrorCode.UnsupportedForMessageFormat or ErrorCode.UnsupportedCompressionType or ErrorCode.PolicyViolation
            or ErrorCode.InvalidTimestamp => AppendFailure.OfTheTopic,
        _ => AppendFailure.Passing,
    };

    /// <summary>Whether the record was not even looked at because its producer had ended.</summary>
    public static bool IsOfTheSession(ErrorCode error) =>
        error is ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Fatal or ErrorCode.Local_GaplessGuarantee;
}
