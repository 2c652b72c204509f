using Banking.Lake.Files;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Partitions;

internal sealed partial class PartitionSink
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The lake takes {Chain} from offset {Next} on.")]
    private static partial void LogOpened(ILogger logger, ChainId chain, long next);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the record at offset {Offset} is not an event (no JSON object, or of an "
        + "unknown type) and is in no table.")]
    private static partial void LogUnreadable(ILogger logger, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the record at offset {Offset} is not an event (no JSON object, or of an "
        + "unknown type) and goes to the dead letters.")]
    private static partial void LogDeadLetter(ILogger logger, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing of {Chain} is taken into the lake from offset {Offset} on.")]
    private static partial void LogBlocked(ILogger logger, Exception exception, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Chain}: the stream left out the offsets {First} to {Last}; they were read from "
        + "the log.")]
    private static partial void LogGapFilled(ILogger logger, ChainId chain, long first, long last);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "{Chain}: offset {Offset} is durable but could not be committed to the log; it is tried every second until it can. {Reason}")]
    private static partial void LogOffsetNotCommitted(ILogger logger, Exception? exception, ChainId chain, long offset, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: offset {Offset} is committed to the log, after {Failures} failures.")]
    private static partial void LogOffsetCommittedAgain(ILogger logger, ChainId chain, long offset, int failures);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Chain}: what is in the log from offset {Offset} on can't be read; trying again.")]
    private static partial void LogEndNotRead(ILogger logger, Exception exception, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Sentence}")]
    private static partial void LogTransactionOpen(ILogger logger, string sentence);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Chain}: the transaction at offset {Offset} is over, and the log is taken in "
        + "again.")]
    private static partial void LogTransactionOver(ILogger logger, ChainId chain, long offset);

    [LoggerMessage(Level = LogLevel.Error, Message = "Nothing more of {Chain} is taken into the lake, and what is not in a file yet is "
        + "given up.")]
    private static partial void LogDiverged(ILogger logger, Exception exception, ChainId chain);

    private void LogDiverged(Exception exception) => LogDiverged(_services.Logger, exception, _chain);

    private void LogEndNotRead(Exception exception, ChainId chain, long offset) =>
        LogEndNotRead(_services.Logger, exception, chain, offset);

    private void LogOpened(ChainId chain, long next) => LogOpened(_services.Logger, chain, next);

    private void LogUnreadable(ChainId chain, long offset) => LogUnreadable(_services.Logger, chain, offset);

    private void LogDeadLetter(ChainId chain, long offset) => LogDeadLetter(_services.Logger, chain, offset);

    private void LogBlocked(Exception exception, ChainId chain, long offset) => LogBlocked(_services.Logger, exception, chain, offset);

    private void LogGapFilled(ChainId chain, long first, long last) => LogGapFilled(_services.Logger, chain, first, last);

    private void LogOffsetNotCommitted(Exception? exception, ChainId chain, long offset, string reason) =>
        LogOffsetNotCommitted(_services.Logger, exception, chain, offset, reason);

    private void LogOffsetCommittedAgain(ChainId chain, long offset, int failures) =>
        LogOffsetCommittedAgain(_services.Logger, chain, offset, failures);
}
