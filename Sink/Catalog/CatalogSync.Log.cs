using Microsoft.Extensions.Logging;

namespace Banking.Sink.Catalog;

internal sealed partial class CatalogSync
{
    [LoggerMessage(Level = LogLevel.Information, Message = "New days of {Table} that were registered in the metastore: {Days}.")]
    private partial void LogRegistered(string table, int days);

    [LoggerMessage(Level = LogLevel.Information, Message = "Days of {Table} that the metastore had elsewhere, and that were put where the "
        + "lake has them: {Days}.")]
    private partial void LogMoved(string table, int days);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Sentence}")]
    private partial void LogHeld(string sentence);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message =
            "The metastore at {Address} can't be brought up to date; files go on being committed, and days that it does not know are "
                + "registered when it is back.")]
    private partial void LogFailed(Exception exception, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "The metastore at {Address} is up to date again, after {Failures} tries that "
        + "failed.")]
    private partial void LogBack(string address, int failures);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The lake's compacted days can't be looked through; files go on being committed, "
            + "and queries see those that came late for such a day when they can.")]
    private partial void LogNotLookedThrough(Exception exception);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The lake's compacted days are looked through again, after {Failures} tries that failed.")]
    private partial void LogLookedThrough(int failures);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Refusal} Its files are in the lake all the same; rename or drop that table, or set "
        + "another database.")]
    private partial void LogRefused(string refusal);

    [LoggerMessage(Level = LogLevel.Information, Message = "The table {Table} is no longer somebody else's.")]
    private partial void LogNoLongerRefused(string table);
}
