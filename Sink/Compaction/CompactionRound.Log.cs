using Microsoft.Extensions.Logging;

namespace Banking.Sink.Compaction;

internal sealed partial class CompactionRound
{
    private readonly ILogger _logger = services.Logger;

    [LoggerMessage(Level = LogLevel.Information, Message = "Compacted {Table} of {Day}: {FilesBefore} files became {FilesAfter}, {Rows} "
        + "rows, generation {Generation}.")]
    private partial void LogSwitched(string table, DateOnly day, int filesBefore, int filesAfter, long rows, long generation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Table} of {Day} was not compacted: {Sentence}")]
    private partial void LogLeft(Exception? exception, string table, DateOnly day, string sentence);
}
