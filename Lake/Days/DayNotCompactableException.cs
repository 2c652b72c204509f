namespace Banking.Lake.Days;

/// <summary>A day is left as it is; the message says why, in a sentence for people.</summary>
internal sealed class DayNotCompactableException(string message) : Exception(message);
