using ErrorCode = Confluent.Kafka.ErrorCode;

namespace Banking.Streaming.Kafka.Producing;

/// <summary>What an error that ends an append says of the next try.</summary>
internal enum AppendFailure
{
    /// <summary>The next try may succeed; the producer, or its successor, goes on at once.</summary>
    Passing,

    /// <summary>A record of the batch is taken by no broker, as it is.</summary>
    OfTheRecord,

    /// <summary>Nothing is taken for the topic until a person has changed something: its settings, rights, this machine's clock.</summary>
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

    /// <summary>The record was not looked at: its producer ended before.</summary>
    public static bool IsOfTheSession(ErrorCode error) =>
        error is ErrorCode.Local_PurgeQueue or ErrorCode.Local_PurgeInflight or ErrorCode.Local_Fatal or ErrorCode.Local_GaplessGuarantee;
}
