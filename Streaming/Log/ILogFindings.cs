namespace Banking.Streaming.Log;

/// <summary>
/// Where a log or its readers report what an operator has to know, for as long as it is true. An optional service of the host, which shows
/// the findings with its health; without it they are only logged. Thread-safe, and cheap enough to be called on every attempt.
/// </summary>
public interface ILogFindings
{
    /// <summary>Reports a finding, or changes its sentence; the time since when it is true stays as it was.</summary>
    /// <param name="key">What it is about, such as <c>log/topic</c>: one finding for each key. A key that is not cleared stays until the
    /// process ends.</param>
    /// <param name="sentence">For people: what is wrong, and what they can do about it. No secrets.</param>
    /// <param name="isCritical">True if callers can't or must not be answered; false if only something behind them is late or held
    /// up.</param>
    void Report(string key, string sentence, bool isCritical = false);

    /// <summary>Clears a finding that is no longer true; does nothing if there is none.</summary>
    void Clear(string key);
}
