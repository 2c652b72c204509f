namespace Banking.Client.Terminals;

/// <summary>A command can't go on; the message is one sentence for the person who typed it.</summary>
internal sealed class CommandFailedException(string sentence, Exception? cause = null) : Exception(sentence, cause)
{
    public int ExitCode { get; init; } = ExitCodes.Failed;
}
