namespace Banking.Storage;

/// <summary>
/// Where a storage says what an operator has to know, for as long as it is so: an optional service of the host, which shows it with its
/// health. Without one it is only logged. Thread-safe; cheap enough to be called with every attempt.
/// </summary>
public interface IStorageFindings
{
    /// <summary>Says it, or says it in other words: since when it is so stays what it was.</summary>
    /// <param name="key">What it is about, such as <c>storage/writes</c>: one finding for each key. A key that is not cleared stays until
    /// the process ends.</param>
    /// <param name="sentence">For people: what is wrong, and what they can do about it. No secrets.</param>
    /// <param name="isCritical">Callers can't be answered, or must not be; otherwise something is late, or held up, behind them.</param>
    void Report(string key, string sentence, bool isCritical = false);

    /// <summary>It is so no more; does nothing if it was not.</summary>
    void Clear(string key);
}
