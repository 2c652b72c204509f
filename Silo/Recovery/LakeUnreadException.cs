namespace Banking.Silo.Recovery;

/// <summary>
/// Only the lake may know which bank this is, and it can't be read; the message is a sentence for the person who runs it.
/// </summary>
internal sealed class LakeUnreadException(string message, Exception inner) : Exception(message, inner);
