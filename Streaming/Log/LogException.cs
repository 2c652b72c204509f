namespace Banking.Streaming.Log;

/// <summary>The log can't be opened, read or written; the message is a sentence for the person who runs it.</summary>
public class LogException(string message, Exception? inner = null) : Exception(message, inner);
