namespace Banking.Silo.Recovery;

/// <summary>
/// Only the lake may know which bank this is, and it can't be read; the message is a sentence for the person who runs it.
/// </summary>
internal sealed class LakeUnreadException(string message, Exception inner) : Exception(message, inner)
{
    private const string Sentence =
        "It is not known yet which bank this is, as the lake can't be read: players are answered, and nothing is published.";

    public static LakeUnreadException For(IOException e) => new($"{Sentence} {e.Message}", e);
}
