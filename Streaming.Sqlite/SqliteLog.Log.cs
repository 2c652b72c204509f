using Microsoft.Extensions.Logging;

namespace Banking.Streaming.Sqlite;

public sealed partial class SqliteLog
{
    [LoggerMessage(LogLevel.Information, "Opened the log {Path}: id {LogId}, {Partitions} partitions.")]
    private static partial void LogOpened(ILogger logger, string path, string logId, int partitions);

    [LoggerMessage(LogLevel.Error, "Old records of the log {Path} can't be removed; trying again later.")]
    private static partial void LogRetentionFailed(ILogger logger, string path, Exception exception);
}
