namespace Banking.Client.Terminals;

internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>The command failed, or found something wrong.</summary>
    public const int Failed = 1;

    /// <summary>The command line can't be carried out as typed.</summary>
    public const int Usage = 2;

    /// <summary>The reader of the output is gone, by the convention of shells.</summary>
    public const int ReaderLeft = 141;

    /// <summary>Stopped by Ctrl-C, by the convention of shells.</summary>
    public const int Cancelled = 130;
}

/// <summary>A command can't go on; the message is one sentence for the person who typed it.</summary>
internal sealed class CommandFailedException(string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; init; } = ExitCodes.Failed;
}
