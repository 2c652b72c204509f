namespace Banking.Silo.Recovery;

/// <summary>
/// Only the lake may know which bank this is, and it can't be read; the message is a sentence for the person who runs it.
/// </summary>
internal sealed class LakeUnreadException(string message, Exception inner) : Exception(message, inner)
{
    public static LakeUnreadException For(IOException e) =>
        new(
            $"It is not known yet which bank this is, as the lake can't be read: players are answered, and nothing is published. {e.Message}",
            e);
}
