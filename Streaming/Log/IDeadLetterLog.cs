namespace Banking.Streaming.Log;

/// <summary>
/// Where records go that nobody can read or take, when the failure policy is <see cref="FailurePolicy.DeadLetter"/>. A log that has such a
/// place is also registered as a keyed service of this type, under the provider's name. Thread-safe.
/// </summary>
public interface IDeadLetterLog
{
    /// <summary>
    /// Returns when the letters are durable. The same letter may be put there twice, as a failure means that the outcome is unknown.
    /// </summary>
    ValueTask AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken);
}

/// <param name="Partition">Where the record lies.</param>
/// <param name="Record">The record as it is: key, value and headers are kept.</param>
/// <param name="Reason">Why it is here, as a sentence.</param>
public readonly record struct DeadLetter(int Partition, LogRecord Record, string Reason);
