namespace Banking.Silo.Cluster;

/// <summary>
/// Ends the process at once, with a sentence and exit code 70, when Orleans can't go on: above all when the others have declared this silo
/// dead because it stalled or could not be reached. Its grains are then active elsewhere. Whatever it still has under way is refused by
/// version numbers and fences, and the less of it the better, so nothing is stopped in order. A supervisor restarts it with nothing in
/// memory.
/// </summary>
internal sealed partial class DeathNotice(ILogger<DeathNotice> logger) : IFatalErrorHandler
{
    /// <summary>EX_SOFTWARE from sysexits.h.</summary>
    public const int ExitCode = 70;

    public bool IsUnexpected(Exception exception) => exception is not ThreadInterruptedException;

    public void OnFatalException(object? sender, string? context, Exception? exception)
    {
        LogEnd(exception, context ?? sender?.ToString() ?? "Orleans said no more.");
        Console.Error.WriteLine(
            "The silo ends at once: it was declared dead by the others of its cluster, or Orleans can't go on. Start it again.");
        Environment.Exit(ExitCode);
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "The silo ends at once. {Context}")]
    private partial void LogEnd(Exception? exception, string context);
}
