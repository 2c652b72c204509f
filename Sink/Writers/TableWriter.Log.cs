using Banking.Lake.Files;
using Microsoft.Extensions.Logging;

namespace Banking.Sink.Writers;

internal sealed partial class TableWriter
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "Committed {Table}, {Chain}: offsets {Start} to {End}, {Rows} rows, {Bytes} bytes.")]
    private partial void LogCommitted(string table, ChainId chain, long start, long end, int rows, long bytes);

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "Another owner committed {Table}, {Chain}, from offset {Start}; its file is kept, this one goes on behind offset {End}.")]
    private partial void LogFenced(string table, ChainId chain, long start, long end);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Commit of {Table}, {Chain}, from offset {Start} failed {Failures} times; no row is lost, trying again in {Wait}.")]
    private partial void LogCommitFailed(Exception exception, string table, ChainId chain, long start, int failures, TimeSpan wait);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old claims of {Table}, {Chain} could not be removed; they do no harm.")]
    private partial void LogClaimsKept(Exception exception, string table, ChainId chain);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The last sequence numbers of {Table}, {Chain} could not be saved; the next start reads more files instead.")]
    private partial void LogSaveFailed(Exception exception, string table, ChainId chain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A file of {Table}, {Chain} that was not needed any more could not be made ready.")]
    private partial void LogNotStagedAhead(Exception exception, string table, ChainId chain);
}
