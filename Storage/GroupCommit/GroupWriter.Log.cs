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

    [LoggerMessage(3, LogLevel.Warning, "The write-ahead log could not be checkpointed; nothing is lost, it grows until this succeeds")]
    private static partial void LogTidyFailed(ILogger logger, Exception reason);

    [LoggerMessage(5, LogLevel.Warning, "The write-ahead log could not be emptied at the stop; nothing is lost, the next start goes on from it")]
    private static partial void LogCloseFailed(ILogger logger, Exception reason);

    [LoggerMessage(4, LogLevel.Critical, "The storage's writer thread has stopped on an error")]
    private static partial void LogStopped(ILogger logger, Exception reason);
}
