using Microsoft.Extensions.Logging;

namespace Banking.Sink;

internal sealed partial class SinkGrain
{
    private readonly ILogger _logger = logger;

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} is not written to the lake.")]
    private partial void LogRefused(Exception exception, int partition);

    [LoggerMessage(Level = LogLevel.Error, Message = "Partition {Partition} can't be opened in the lake; trying again (failures: "
        + "{Count}). {Reason}")]
    private partial void LogNotOpened(Exception? exception, int partition, int count, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Partition {Partition} is open in the lake after {Count} failures.")]
    private partial void LogOpenedAtLast(int partition, int count);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Partition {Partition} was closed with {Rows} rows that are in no file yet; they are read again from the log.")]
    private partial void LogNotDrained(Exception exception, int partition, long rows);

    [LoggerMessage(Level = LogLevel.Error, Message = "The stream of partition {Partition} reports an error; what it leaves out is read "
        + "from the log.")]
    private partial void LogStreamError(Exception exception, int partition);
}
