using Microsoft.Extensions.Logging;

namespace Banking.Storage.GroupCommit;

internal sealed partial class GroupWriter
{
    [LoggerMessage(
        1,
        LogLevel.Error,
        "A transaction of {Writes} writes failed (outcome unknown: {OutcomeUnknown}); further failures are counted until one succeeds")]
    private static partial void LogFailed(ILogger logger, int writes, bool outcomeUnknown, Exception reason);

    [LoggerMessage(2, LogLevel.Information, "Writes succeed again, after {Writes} had failed")]
    private static partial void LogRecovered(ILogger logger, long writes);

    [LoggerMessage(3, LogLevel.Warning, "The database's housekeeping failed (for SQLite, copying the write-ahead log); nothing is lost, "
        + "it is tried again")]
    private static partial void LogTidyFailed(ILogger logger, Exception reason);

    [LoggerMessage(5, LogLevel.Warning, "The database could not be closed as it should; nothing is lost, the next start goes on from what "
        + "is there")]
    private static partial void LogCloseFailed(ILogger logger, Exception reason);

    [LoggerMessage(4, LogLevel.Critical, "The storage's writer thread has stopped on an error")]
    private static partial void LogStopped(ILogger logger, Exception reason);
}
