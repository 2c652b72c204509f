namespace Banking.Streaming.Log;

/// <summary>
/// The log takes a record of an append never, as it is: it is too large, say. Trying the same again is of no use; what else was in the
/// append may be tried without it. Of
/// the append nothing is in the log, or the records before the refused one. The message is a sentence that says why.
/// </summary>
public sealed class RecordRefusedException(string message, Exception? inner = null) : LogException(message, inner);
